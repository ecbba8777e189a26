# The commands of the house. Each one installs what it needs first, in the checkout alone, and is harmless to repeat.
PYTHON ?= python3
RUN := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo test check bench bench-analysis bench-api bench-archive bench-assembly bench-contributions bench-inbox bench-logbook bench-mail bench-restitution bench-session lint doors install

help: ## cette liste
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  Variables : PORT=8000  LISTEN=127.0.0.1  DATA_DIR=data/demo  DATABASE_URL=postgres://…"

demo: ## installe, charge la démonstration et la sert sur http://localhost:8000 (Ctrl-C arrête tout)
	@$(PYTHON) tools/bootstrap.py run
	@exec $(RUN) tools/serve_demo.py

test: install ## tous les tests que cette machine peut faire ; dit ce qui est laissé de côté
	@exec $(RUN) tools/run_tests.py

check: install ## ce que vérifie l’intégration continue : style, types, contrats, tests sur les deux bases
	@exec $(RUN) tools/check.py

lint: install ## style, types et contrats, sans les tests
	@exec $(RUN) tools/check.py --without-tests

bench: install ## mesure les pages publiques sur le serveur de production
	@exec $(RUN) tools/bench.py

bench-archive: install ## écrit toute la démonstration dans une archive et la relit ailleurs
	@exec $(RUN) tools/bench_archive.py $(OPTIONS)

bench-analysis: install ## mesure l’analyse des contributions sur de vrais corpus ; --only … par OPTIONS=
	@$(RUN) tools/bench_analysis.py $(OPTIONS)

bench-api: install ## mesure l’API publique à côté d’une page Django nue
	@exec $(RUN) tools/bench_api.py $(OPTIONS)
bench-assembly: install ## mesure l’export SCDL de 10 000 délibérations
	@exec $(RUN) tools/bench_assembly.py $(OPTIONS)

bench-contributions: install ## mesure l’import, le tri et l’exploration de 100 000 contributions (dizaines de minutes)
	@$(RUN) tools/bench_import.py
	@$(RUN) tools/bench_sorting.py
	@$(RUN) tools/bench_contributions.py

bench-inbox: install ## mesure la réception des courriels ; --kill par OPTIONS=
	@exec $(RUN) tools/bench_inbox.py $(OPTIONS)

bench-logbook: install ## mesure un carnet de voyage de 200 éléments et 80 photos : page, PDF, EPUB
	@exec $(RUN) tools/bench_logbook.py $(OPTIONS)

bench-mail: install ## mesure la lecture des courriels : texte nouveau, citations, signatures
	@exec $(RUN) tools/bench_mail.py

bench-restitution: install ## mesure les points d’étape de neuf territoires : préparés, figés, PDF, diapositives
	@exec $(RUN) tools/bench_restitution.py $(OPTIONS)

bench-session: install ## mesure une séance : trente personnes, cinq qui écrivent
	@exec $(RUN) tools/bench_session.py $(OPTIONS)

doors: install ## récrit tests/house/doors.txt (à relire dans le diff)
	@exec $(RUN) -m tests.house.doors

install: ## installe l’environnement de travail dans .venv
	@$(PYTHON) tools/bootstrap.py dev
