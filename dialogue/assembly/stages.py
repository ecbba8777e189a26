"""The life of a proposition, from the group to the assembly and to the pact (product.md, "Propositions, assembly, pact")."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PropositionStage(TextChoices):
    """`drafting → adopted_by_group → under_review → tabled → adopted | adopted_amended | rejected | adjourned | referred_back`,
    `withdrawn` on the way, then `in_pact | no_follow_up`. Adjourned or referred back, it returns to instruction."""

    DRAFTING = "drafting", _("En rédaction")
    ADOPTED_BY_GROUP = "adopted_by_group", _("Adoptée par le groupe")
    UNDER_REVIEW = "under_review", _("À l’instruction")
    TABLED = "tabled", _("Inscrite à une séance")
    ADOPTED = "adopted", _("Votée")
    ADOPTED_AMENDED = "adopted_amended", _("Votée, modifiée")
    REJECTED = "rejected", _("Rejetée")
    ADJOURNED = "adjourned", _("Ajournée")
    REFERRED_BACK = "referred_back", _("Renvoyée")
    WITHDRAWN = "withdrawn", _("Retirée")
    IN_PACT = "in_pact", _("Inscrite au pacte")
    NO_FOLLOW_UP = "no_follow_up", _("Sans suite")


S = PropositionStage

#: The group's alone, or on its way to the assembly: no vote yet.
BEFORE_VOTE = (S.DRAFTING, S.ADOPTED_BY_GROUP, S.UNDER_REVIEW, S.TABLED)
#: The assembly said yes.
VOTED_FOR = (S.ADOPTED, S.ADOPTED_AMENDED)
#: The assembly will look at it again.
COMES_BACK = (S.ADJOURNED, S.REFERRED_BACK)
#: Nothing is left to decide in the assembly: what `chantiers.complete` waits for.
FINAL = (S.ADOPTED, S.ADOPTED_AMENDED, S.REJECTED, S.WITHDRAWN, S.IN_PACT, S.NO_FOLLOW_UP)
#: A session of the assembly has, or had, it on its agenda.
AT_ASSEMBLY = (S.TABLED, S.ADOPTED, S.ADOPTED_AMENDED, S.REJECTED, S.ADJOURNED, S.REFERRED_BACK, S.IN_PACT)


class Outcome(TextChoices):
    """What a session did with a proposition: the stages that a recorded vote leads to."""

    ADOPTED = "adopted", _("Adoptée")
    ADOPTED_AMENDED = "adopted_amended", _("Adoptée avec des modifications")
    REJECTED = "rejected", _("Rejetée")
    ADJOURNED = "adjourned", _("Ajournée")
    REFERRED_BACK = "referred_back", _("Renvoyée en commission ou au groupe")


#: Those that settle the proposition: a délibération with its number exists.
DECISIVE = (Outcome.ADOPTED, Outcome.ADOPTED_AMENDED, Outcome.REJECTED)


class Verdict(TextChoices):
    """The opinion of a service in the instruction; empty while it is awaited."""

    FAVOURABLE = "favourable", _("Favorable")
    WITH_RESERVATIONS = "with_reservations", _("Favorable avec des réserves")
    UNFAVOURABLE = "unfavourable", _("Défavorable")


class SessionKind(TextChoices):
    PLENARY = "plenary", _("Séance plénière")
    STANDING = "standing", _("Commission permanente")
