/* Deposit: the aside follows the text, communes complete themselves. Without it the server says the same at the next step. */
const later = (work, wait) => {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(work, wait); };
};
const form = document.querySelector('form[data-hints]');
if (form) {
  const aside = document.getElementById('indices');
  let asked = 0;
  const ask = later(async () => {
    const title = form.elements.title.value.trim(), text = form.elements.text.value.trim();
    if ((title + text).length < 20) return;
    const turn = ++asked;
    try {
      const response = await fetch(form.dataset.hints, { method: 'POST', body: new URLSearchParams({ title, text }), headers: { 'X-CSRFToken': form.elements.csrfmiddlewaretoken.value } });
      if (response.ok && turn === asked) aside.innerHTML = await response.text();
    } catch { /* offline: the next step will tell */ }
  }, 700);
  for (const name of ['title', 'text']) form.elements[name].addEventListener('input', ask);
}
const communes = document.getElementById('communes');
const field = document.querySelector('[data-completion]');
if (communes && field) {
  field.addEventListener('input', later(async () => {
    if (field.value.trim().length < 2) return;
    try {
      const response = await fetch(`${communes.dataset.source}?q=${encodeURIComponent(field.value)}`, { headers: { "X-Requested-With": "deposit" } });
      if (response.ok) communes.innerHTML = await response.text();
    } catch { /* offline: the name is read by the server */ }
  }, 200));
}
