/* Sorting at the keyboard. Without this script every gesture has its button. Single keys can be switched off (WCAG 2.1.4). */
const STORE = 'tri:touches', RENEW = 240000;
const state = document.getElementById('tri-etat');
const say = (words) => { if (state) { state.textContent = words; state.classList.remove('vh'); } };
const kept = { get: () => { try { return localStorage.getItem(STORE); } catch { return null; } }, set: (value) => { try { localStorage.setItem(STORE, value); } catch { /* a private window keeps nothing */ } } };

/* Keys ---------------------------------------------------------------------------------------------------------------- */
let on = kept.get() !== 'non';
const toggle = document.querySelector('[data-toggle-keys]');
function show() {
  document.body.classList.toggle('sans-touches', !on);
  if (toggle) { toggle.hidden = false; toggle.textContent = on ? toggle.dataset.on : toggle.dataset.off; toggle.setAttribute('aria-pressed', String(!on)); }
}
toggle?.addEventListener('click', () => { on = !on; kept.set(on ? 'oui' : 'non'); show(); });
show();
/* A field takes what is typed in it; a checkbox or a radio only its own keys. */
const writes = (node) => node.isContentEditable || node.matches('textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])');
const acts = (node) => node.matches('a, button, summary, input, select, textarea');
function press(node) {
  if (node.matches('input')) { node.checked = true; node.focus(); node.dispatchEvent(new Event('change', { bubbles: true })); return; }
  if (node.matches('select')) { node.focus(); return; }
  if (node.matches('summary')) { node.parentElement.open = true; node.parentElement.querySelector('textarea')?.focus(); return; }
  node.focus(); node.click();
}
document.addEventListener('keydown', (event) => {
  if (!on || event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = event.target;
  if (at instanceof Element && (writes(at) || (event.key === 'Enter' && acts(at)))) { if (event.key === 'Escape') at.blur(); return; }
  if (event.key.toLowerCase() === 'c') { const field = document.getElementById('id_commune'); if (field) { event.preventDefault(); field.focus(); field.select(); } return; }
  const found = document.querySelector(`[data-key="${CSS.escape(event.key.length === 1 ? event.key.toLowerCase() : event.key)}"]`);
  if (found) { event.preventDefault(); press(found); }
});

/* The other theme is chosen by choosing it; a place read in the text goes into its field. */
document.querySelectorAll('[data-checks]').forEach((select) => select.addEventListener('change', () => { document.getElementById(select.dataset.checks).checked = true; }));
document.querySelectorAll('[data-fill]').forEach((button) => button.addEventListener('click', (event) => { event.preventDefault(); const field = document.getElementById('id_commune'); field.value = button.dataset.fill; field.focus(); }));

/* Whoever reads one holds it; activity renews the hold, leaving frees it. ---------------------------------------------- */
const form = document.querySelector('[data-hold]');
if (form) {
  const token = form.elements.csrfmiddlewaretoken.value;
  let active = false, lost = false;
  const hold = async () => {
    try {
      const answer = await fetch(form.dataset.hold, { method: 'POST', redirect: 'manual', headers: { 'X-CSRFToken': token, 'X-Requested-With': 'tri' } });
      if (answer.status === 409) { lost = true; say(await answer.text() || state.dataset.taken); }
    } catch { /* tried again in four minutes */ }
  };
  hold();
  ['keydown', 'pointerdown', 'scroll'].forEach((kind) => addEventListener(kind, () => { active = true; }, { passive: true }));
  setInterval(() => { if (active && !lost) { active = false; hold(); } }, RENEW);
  addEventListener('pagehide', () => {
    const told = new FormData();
    told.append('csrfmiddlewaretoken', token); told.append('en_partant', '1');
    if (!lost) navigator.sendBeacon(form.dataset.leave, told);
  });
}
/* A long work goes on by itself. */
const going = document.querySelector('[data-continue]');
if (going) setTimeout(() => going.requestSubmit(), 400);
