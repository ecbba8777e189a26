/* The session: notes saved as one types, lines of others shown, nothing lost without network. Without it the forms still work.
   Kept in localStorage, under the person and the meeting: `notes:<item>:<tab>`, what is typed and from which revision;
   `line:<key>`, a line that waits. Both leave when the server has answered, or when the person signs out (ui.js). */
const page = document.getElementById('seance');
const words = page.dataset;
const status = document.getElementById('etat');
const home = `seance:${words.person}:${words.meeting}:`;
const PAUSE = 1500, LOOK = 2000, AGAIN = 4000, LONGEST = 30000;

const store = {
  get(key) { try { return JSON.parse(localStorage.getItem(home + key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(home + key, JSON.stringify(value)); return true; } catch { return false; } },
  drop(key) { try { localStorage.removeItem(home + key); } catch { /* nothing was kept */ } },
  keys(start) { try { return Object.keys(localStorage).filter((key) => key.startsWith(home + start)).map((key) => key.slice(home.length)); } catch { return []; } },
};
const say = (text, unsent) => { if (status.textContent !== text) status.textContent = text; status.classList.toggle('non-envoye', Boolean(unsent)); };
const saved = () => say(`${words.saved} ${new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' }).replace(':', ' h ')}`);
const fresh = () => crypto.randomUUID ? crypto.randomUUID()
  : '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
const ours = { 'X-Requested-With': 'fetch' };
const token = () => document.querySelector('[name=csrfmiddlewaretoken]').value;

/* A tab has its own drafts: two tabs of one person never write over each other's. */
let tab = fresh();
try { tab = sessionStorage.getItem('seance:tab') || tab; sessionStorage.setItem('seance:tab', tab); } catch { /* a tab without memory */ }
let open = new Set();
try { open = new Set((await navigator.locks.query()).held.map((lock) => lock.name)); } catch { /* unknown: their drafts are sent from here too, which does no harm */ }
navigator.locks?.request(`seance:${tab}`, () => new Promise(() => {}));

/* Sends a form's fields; null when nothing can be sent now (no network, no session, a server in trouble). */
let stranger = false;
async function post(url, fields, renewed) {
  if (stranger) return null;
  try {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...fields, person: words.person, csrfmiddlewaretoken: token() })) body.append(name, value);
    const answer = await fetch(url, { method: 'POST', body, headers: ours, redirect: 'manual' });
    if (answer.type === 'opaqueredirect') { say(words.signedOut, true); return null; }
    if (answer.status === 403) return !renewed && await renew() ? post(url, fields, true) : null;
    if (answer.status >= 500) return null;
    return { status: answer.status, ...(answer.status === 204 ? {} : await answer.json()) };
  } catch { return null; }
}
/* Whoever signed in again, in another tab, has another token; if it is someone else, nothing goes out in their name. */
async function renew() {
  const answer = await fetch(location.pathname, { redirect: 'manual', headers: ours });
  if (!answer.ok) { say(words.signedOut, true); return false; }
  const other = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (other.getElementById('seance')?.dataset.person !== words.person) { stranger = true; say(words.other, true); return false; }
  const given = other.querySelector('#seance [name=csrfmiddlewaretoken]')?.value;
  if (!given) { say(words.closed, true); return false; }
  document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((field) => { field.value = given; });
  return true;
}

/* Notes ------------------------------------------------------------------------------------------------------------- */
class Notes {
  constructor(form) {
    this.form = form;
    this.area = form.elements.notes;
    this.item = form.closest('[data-item]').dataset.item;
    this.place = `notes:${this.item}:${tab}`;
    this.base = form.elements.base.value;
    this.revision = form.elements.revision.value;
    this.timer = null;
    this.busy = false;
    this.restore();
    this.area.addEventListener('input', () => { this.keep(); this.later(PAUSE); });
    this.area.addEventListener('blur', () => this.save());
    form.elements.state.addEventListener('change', () => this.save(true));
    form.addEventListener('submit', (event) => { event.preventDefault(); this.save(true); });
    /* Typed before this script was there. */
    if (this.area.value !== this.area.defaultValue && !store.get(this.place)) { this.keep(); this.later(PAUSE); }
  }
  get dirty() { return this.area.value !== this.base; }
  keep() {
    if (!store.set(this.place, { text: this.area.value, base: this.base, revision: this.revision, key: this.key })) this.later(0);
    if (!navigator.onLine) say(words.unsent, true);
  }
  later(delay) { clearTimeout(this.timer); this.timer = setTimeout(() => this.save(), delay); }
  /* This tab's draft, or that of a tab that was closed, comes back in its field; any other is sent as it stands. */
  restore() {
    const left = store.keys(`notes:${this.item}:`).filter((key) => key !== this.place && !open.has(`seance:${key.split(':')[2]}`));
    if (!store.get(this.place) && left.length) { store.set(this.place, store.get(left[0])); store.drop(left.shift()); }
    const kept = store.get(this.place);
    if (kept && kept.text !== this.area.value) {
      Object.assign(this, { base: kept.base, revision: kept.revision, key: kept.key });
      this.area.value = kept.text;
      this.form.closest('details').open = true;
      say(words.unsent, true);
      this.later(100);
    } else if (kept) store.drop(this.place);
    left.forEach((key) => this.deliver(key));
  }
  async deliver(place) {
    const { text, base, revision, key = fresh() } = store.get(place) || {};
    if (text === undefined) return;
    const told = await post(this.form.action, { notes: text, base, revision, client_key: key });
    if (told === null) { setTimeout(() => this.deliver(place), AGAIN); return; }
    if (!told.errors) { store.drop(place); look(true); }
  }
  async save(always) {
    clearTimeout(this.timer);
    if (this.busy) { this.later(300); return; }
    if (!this.dirty && !always) { store.drop(this.place); return; }
    this.busy = true;
    const sent = this.area.value;
    this.key ||= fresh();
    if (this.dirty) this.keep();
    const told = await post(this.form.action, {
      notes: sent, base: this.base, revision: this.revision, client_key: this.key, state: this.form.elements.state.value,
    });
    this.busy = false;
    if (told === null) { if (!status.classList.contains('non-envoye')) say(words.unsent, true); this.keep(); this.later(AGAIN); return; }
    this.key = null;
    if (told.errors) { say(told.errors.join(' '), true); this.keep(); return; }
    const moved = this.area.value !== sent;
    /* Kept beside: what was typed meanwhile replaces it, from the same revision, before the field shows the session's text. */
    if (told.conflict && moved) { this.keep(); this.later(PAUSE); return; }
    if (moved) {
      /* Typing went on while the save travelled. If it was merged, the next one is written from what was sent, not from what stands. */
      this.base = sent;
      this.revision = told.text === sent ? told.revision : Math.max(0, told.revision - 1);
      this.keep();
      this.later(PAUSE);
    } else {
      this.settle(told.text, told.revision);
      store.drop(this.place);
    }
    if (told.conflict) { say(words.conflict); look(true); } else if (told.merged) say(words.merged); else saved();
  }
  settle(text, revision) { this.base = text; this.revision = revision; this.show(text); }
  /* The cursor stays where it was in the words. */
  show(text) {
    const { value, selectionStart: start, selectionEnd: end, scrollTop: top } = this.area;
    if (value === text) return;
    const same = value.slice(0, start) === text.slice(0, start), shift = text.length - value.length;
    this.area.value = text;
    if (document.activeElement === this.area) this.area.setSelectionRange(Math.max(0, same ? start : start + shift), Math.max(0, same ? end : end + shift));
    this.area.scrollTop = top;
  }
  /* What another person saved; what is being typed here is never touched. */
  heard(text, revision, state) {
    if (!this.dirty && !this.busy && String(revision) !== String(this.revision)) this.settle(text, revision);
    const select = this.form.elements.state;
    if (document.activeElement !== select) select.value = state;
  }
}
const notes = new Map();

/* Lines: added at once, or kept in order until the network is back -------------------------------------------------- */
const waiting = () => store.keys('line:').map((key) => store.get(key)).filter(Boolean).sort((a, b) => a.at - b.at);
const place = (line) => `line:${line.fields.client_key}`;
let sending = false, again = null;
async function flush() {
  clearTimeout(again);
  if (sending) return;
  sending = true;
  for (let line; (line = waiting().find((one) => !one.errors));) {
    const told = await post(line.url, line.fields);
    if (told === null) { if (!status.classList.contains('non-envoye')) say(words.waiting, true); again = setTimeout(flush, AGAIN); break; }
    if (told.errors) { store.set(place(line), { ...line, errors: told.errors }); say(`${words.refused} : ${told.errors.join(' ')}`, true); } else { store.drop(place(line)); saved(); look(true); }
    drawWaiting();
  }
  sending = false;
  drawWaiting();
}
const formOf = (line) => [...document.querySelectorAll('form[data-lines]')].find((form) => form.getAttribute('action') === line.url && (form.elements.line.type === 'hidden') === (line.hidden === true));
function drawWaiting() {
  document.querySelectorAll('[data-unsent-line]').forEach((node) => node.remove());
  for (const line of waiting()) {
    const form = formOf(line) || document.querySelector('form[data-lines]');
    const note = Object.assign(document.createElement('p'), { className: 'non-envoye', textContent: `${line.fields.text} – ${line.errors ? line.errors.join(' ') : words.waiting}` });
    note.dataset.unsentLine = '';
    if (line.errors && formOf(line)) {
      const button = Object.assign(document.createElement('button'), { type: 'button', className: 'bouton petit', textContent: words.again });
      button.addEventListener('click', () => { store.drop(place(line)); fill(formOf(line), line.fields); drawWaiting(); });
      note.append(' ', button);
    }
    form?.before(note);
  }
}
/* A refused line is never thrown away: it goes back into its form. */
function fill(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements[name];
    if (!field || name === 'csrfmiddlewaretoken' || name === 'client_key') continue;
    if (field.type === 'checkbox') field.checked = true; else field.value = value;
  }
  form.elements.text.focus();
}
function added(event) {
  const form = event.target;
  event.preventDefault();
  const text = form.elements.text;
  if (!text.value.trim()) { text.focus(); return; }
  const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === 'string'));
  fields.client_key = fresh();
  const line = { url: form.getAttribute('action'), fields, at: Date.now(), hidden: form.elements.line.type === 'hidden' };
  if (!store.set(place(line), line)) { form.submit(); return; }
  for (const name of ['text', 'agreement', 'owner_text', 'due_on', 'credit', 'owner']) if (form.elements[name]) form.elements[name].value = '';
  if (form.elements.consent) form.elements.consent.checked = false;
  text.focus();
  drawWaiting();
  flush();
}

/* What others do ---------------------------------------------------------------------------------------------------- */
let pulse = words.pulse, delay = LOOK, looking = null;
async function look(now) {
  clearTimeout(looking);
  if (!document.hidden || now) {
    try {
      const answer = await fetch(`${words.news}?depuis=${pulse}&point=${words.point}`, { redirect: 'manual', headers: ours });
      if (answer.ok) delay = LOOK;
      if (answer.status === 200) hear(await answer.json());
    } catch { delay = Math.min(delay * 2, LONGEST); }
  }
  clearTimeout(looking);
  looking = setTimeout(look, delay);
}
/* Puts `html` in its place, line by line: a line that holds the focus stays. Returns the ids that were not there. */
function put(node, html) {
  if (!node || node.heard === html) return [];
  const known = new Set([...node.querySelectorAll('li[id]')].map((line) => line.id));
  const next = new DOMParser().parseFromString(html, 'text/html').body;
  const kept = node.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  node.heard = html;
  node.replaceChildren(...next.childNodes);
  if (kept) node.querySelector(`a[href="${CSS.escape(kept)}"]`)?.focus({ preventScroll: true });
  return [...node.querySelectorAll('li[id]')].map((line) => line.id).filter((id) => !known.has(id));
}
function hear(told) {
  pulse = told.pulse;
  const spoken = [];
  for (const item of told.items) {
    const box = document.querySelector(`[data-item="${item.pk}"]`);
    if (!box) continue;
    if (put(box.querySelector('[data-captured]'), item.html).length) spoken.push(box.querySelector('h3').textContent);
    notes.get(String(item.pk))?.heard(item.notes, item.revision, item.state);
    const read = box.querySelector('[data-read]');
    if (read) read.innerText = item.notes;
  }
  put(document.querySelector('[data-loose]'), told.loose);
  put(document.querySelector('[data-carnet]'), told.carnet);
  hearPresence(told.presence);
  const shown = [...document.querySelectorAll('[data-item]')].map((box) => box.dataset.item).join();
  document.getElementById('a-relire').hidden = shown === told.items.map((item) => item.pk).join();
  if (spoken.length) document.getElementById('annonce').textContent = `${words.heard} ${spoken.join(', ')}`;
}
function hearPresence(told) {
  for (const form of document.querySelectorAll('form[data-presence]')) {
    const select = form.elements.presence, code = told[form.elements.organisation.value];
    if (code === undefined || select === document.activeElement || select.value === code) continue;
    if (![...select.options].some((option) => option.value === code)) continue;
    select.value = code;
  }
  const count = (code) => Object.values(told).filter((one) => one === code).length;
  const line = document.querySelector('[data-counts]');
  line.textContent = line.dataset.counts.replace('{p}', count('present')).replace('{e}', count('excused'));
}

document.querySelectorAll('form[data-notes]').forEach((form) => { const one = new Notes(form); notes.set(one.item, one); });
document.querySelectorAll('form[data-lines]').forEach((form) => form.addEventListener('submit', added));
document.querySelectorAll('form[data-presence]').forEach((form) => {
  form.querySelector('button').hidden = true;
  form.elements.presence.addEventListener('change', async () => {
    const told = await post(form.action, { organisation: form.elements.organisation.value, presence: form.elements.presence.value });
    if (told === null) say(words.unsent, true); else if (told.errors) say(told.errors.join(' '), true); else { saved(); look(true); }
  });
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.form) { event.preventDefault(); event.target.form.requestSubmit(); }
});
addEventListener('online', () => { delay = LOOK; notes.forEach((one) => one.save()); flush(); look(true); });
addEventListener('offline', () => say(words.unsent, true));
document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
addEventListener('pagehide', () => notes.forEach((one) => { if (one.dirty) one.keep(); }));
drawWaiting();
flush();
looking = setTimeout(look, LOOK);
