/* The session: notes saved as one types, lines of others shown, nothing lost without network. Without it the forms still work. */
const page = document.getElementById('seance');
const words = page.dataset;
const status = document.getElementById('etat');
const home = `seance:${words.person}:${words.meeting}:`;
const PAUSE = 1500, LOOK = 2000, LONGEST = 30000;

const store = {
  get(key) { try { return JSON.parse(localStorage.getItem(home + key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(home + key, JSON.stringify(value)); return true; } catch { return false; } },
  drop(key) { try { localStorage.removeItem(home + key); } catch { /* nothing was kept */ } },
};
const say = (text, unsent) => { if (status.textContent !== text) status.textContent = text; status.classList.toggle('non-envoye', Boolean(unsent)); };
const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });
const fresh = () => crypto.randomUUID ? crypto.randomUUID()
  : '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

/* Sends a form's fields; null when nothing can be sent now (no network, no session, a server in trouble). */
async function post(url, fields) {
  try {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const answer = await fetch(url, { method: 'POST', body, headers: { 'X-Requested-With': 'fetch' }, redirect: 'manual' });
    if (answer.type === 'opaqueredirect' || answer.status === 403) { say(words.signedOut, true); return null; }
    if (answer.status >= 500) return null;
    const told = answer.status === 204 ? {} : await answer.json();
    return { status: answer.status, ...told };
  } catch { return null; }
}
const token = () => document.querySelector('[name=csrfmiddlewaretoken]').value;

/* Notes ------------------------------------------------------------------------------------------------------------- */
class Notes {
  constructor(form) {
    this.form = form;
    this.area = form.elements.notes;
    this.item = form.closest('[data-item]').dataset.item;
    this.base = form.elements.base.value;
    this.revision = form.elements.revision.value;
    this.timer = null;
    this.busy = false;
    const kept = store.get(`notes:${this.item}`);
    if (kept && kept.text !== this.area.value) {
      this.area.value = kept.text;
      this.base = kept.base;
      this.revision = kept.revision;
      this.form.closest('details').open = true;
      this.later(100);
    }
    this.area.addEventListener('input', () => { this.keep(); this.later(PAUSE); });
    this.area.addEventListener('blur', () => this.save());
    form.elements.state.addEventListener('change', () => this.save(true));
    form.addEventListener('submit', (event) => { event.preventDefault(); this.save(true); });
  }
  get dirty() { return this.area.value !== this.base; }
  keep() { store.set(`notes:${this.item}`, { text: this.area.value, base: this.base, revision: this.revision }); }
  later(delay) { clearTimeout(this.timer); this.timer = setTimeout(() => this.save(), delay); }
  async save(always) {
    clearTimeout(this.timer);
    if (this.busy) { this.later(300); return; }
    if (!this.dirty && !always) return;
    this.busy = true;
    const sent = this.area.value;
    this.key ||= fresh();
    const told = await post(this.form.action, {
      csrfmiddlewaretoken: token(), notes: sent, base: this.base, revision: this.revision, client_key: this.key, state: this.form.elements.state.value,
    });
    this.busy = false;
    if (told === null) { if (!status.classList.contains('non-envoye')) say(words.unsent, true); this.keep(); this.later(LOOK * 2); return; }
    this.key = null;
    if (told.errors) { say(told.errors.join(' '), true); this.keep(); return; }
    if (told.conflict) { store.drop(`notes:${this.item}`); this.settle(told.text, told.revision); say(words.conflict); look(true); return; }
    this.base = told.text;
    this.revision = told.revision;
    if (this.area.value === sent) { this.show(told.text); store.drop(`notes:${this.item}`); } else { this.rebase(sent, told.text); this.keep(); this.later(PAUSE); }
    say(told.merged ? words.merged : `${words.saved} ${clock()}`);
  }
  /* Typing went on while the save travelled: what was merged meanwhile is put under what stands now, if it is an addition. */
  rebase(sent, text) { if (text !== sent) { this.base = sent; this.revision = Math.max(0, this.revision - 1); } }
  settle(text, revision) { this.base = text; this.revision = revision; this.show(text); }
  show(text) {
    if (this.area.value === text) return;
    const { selectionStart: start, selectionEnd: end, scrollTop: top } = this.area;
    const same = this.area.value.slice(0, start) === text.slice(0, start);
    const shift = text.length - this.area.value.length;
    this.area.value = text;
    if (document.activeElement === this.area) this.area.setSelectionRange(same ? start : start + shift, same ? end : end + shift);
    this.area.scrollTop = top;
  }
  /* What another person saved; what is being typed here is never touched. */
  heard(text, revision, state) {
    if (!this.dirty && !this.busy && String(revision) !== String(this.revision)) this.settle(text, revision);
    const select = this.form.elements.state;
    if (document.activeElement !== select) select.value = state;
  }
}
const notes = new Map([...document.querySelectorAll('form[data-notes]')].map((form) => { const one = new Notes(form); return [one.item, one]; }));

/* Lines: added at once, or kept in order until the network is back -------------------------------------------------- */
const waiting = () => store.get('lines') || [];
let sending = false;
async function flush() {
  if (sending) return;
  sending = true;
  while (waiting().length) {
    const [line, ...rest] = waiting();
    const told = await post(line.url, { ...line.fields, csrfmiddlewaretoken: token() });
    if (told === null) { if (!status.classList.contains('non-envoye')) say(words.waiting, true); break; }
    store.set('lines', waiting().filter((other) => other.fields.client_key !== line.fields.client_key));
    if (told.errors) say(told.errors.join(' '), true);
    else say(`${words.saved} ${clock()}`);
    if (!rest.length) look(true);
  }
  sending = false;
  drawWaiting();
}
function drawWaiting() {
  document.querySelectorAll('[data-unsent-line]').forEach((node) => node.remove());
  for (const line of waiting()) {
    const form = document.querySelector(`form[action="${CSS.escape(line.url).replace(/\\/g, '')}"]`);
    const note = Object.assign(document.createElement('p'), { className: 'non-envoye', textContent: `${line.fields.text} – ${words.waiting}` });
    note.dataset.unsentLine = '';
    form?.before(note);
  }
}
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('form[data-lines]')) return;
  event.preventDefault();
  const text = form.elements.text;
  if (!text.value.trim()) { text.focus(); return; }
  const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === 'string'));
  fields.client_key = fresh();
  const kept = store.set('lines', [...waiting(), { url: form.getAttribute('action'), fields }]);
  if (!kept) { form.submit(); return; }
  text.value = '';
  for (const name of ['agreement', 'owner_text', 'due_on', 'credit']) if (form.elements[name]) form.elements[name].value = '';
  if (form.elements.owner) form.elements.owner.value = '';
  if (form.elements.consent) form.elements.consent.checked = false;
  text.focus();
  drawWaiting();
  flush();
});
document.querySelectorAll('form[data-presence]').forEach((form) => {
  form.querySelector('button').hidden = true;
  form.elements.presence.addEventListener('change', async () => {
    const told = await post(form.action, { csrfmiddlewaretoken: token(), organisation: form.elements.organisation.value, presence: form.elements.presence.value });
    say(told === null ? words.unsent : `${words.saved} ${clock()}`, told === null);
  });
});

/* What others do ---------------------------------------------------------------------------------------------------- */
let pulse = words.pulse, delay = LOOK, looking = null;
async function look(now) {
  clearTimeout(looking);
  if (!document.hidden || now) {
    try {
      const answer = await fetch(`${words.news}?depuis=${pulse}`, { redirect: 'manual', headers: { 'X-Requested-With': 'fetch' } });
      if (answer.status === 200) { hear(await answer.json()); delay = LOOK; } else if (answer.status === 204) delay = LOOK;
      if (answer.ok && waiting().length) flush();
    } catch { delay = Math.min(delay * 2, LONGEST); }
  }
  looking = setTimeout(look, delay);
}
function hear(told) {
  pulse = told.pulse;
  for (const item of told.items) {
    const place = document.querySelector(`[data-item="${item.pk}"]`);
    if (!place) continue;
    const captured = place.querySelector('[data-captured]');
    if (captured.innerHTML.trim() !== item.html.trim() && !captured.contains(document.activeElement)) captured.innerHTML = item.html;
    notes.get(String(item.pk))?.heard(item.notes, item.revision, item.state);
    const read = place.querySelector('[data-read]');
    if (read) read.innerText = item.notes;
  }
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.form) { event.preventDefault(); event.target.form.requestSubmit(); }
});
addEventListener('online', () => { delay = LOOK; notes.forEach((one) => one.save()); flush(); look(true); });
addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
addEventListener('pagehide', () => notes.forEach((one) => { if (one.dirty) one.keep(); }));
drawWaiting();
flush();
looking = setTimeout(look, LOOK);
