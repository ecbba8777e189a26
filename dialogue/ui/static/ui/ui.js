/* The only script of the public pages. Without it everything works: each gesture has its equivalent on the server. */
const theme = document.getElementById('theme');
if (theme) {
  const form = theme.form;
  form.querySelector('button').hidden = true;
  theme.addEventListener('change', () => {
    let sheet = document.getElementById('sombre');
    if (!sheet) {
      sheet = Object.assign(document.createElement('link'), { id: 'sombre', rel: 'stylesheet', href: theme.dataset.sheet });
      document.getElementById('jetons').after(sheet);
    }
    sheet.media = { clair: 'not all', sombre: 'all' }[theme.value] || '(prefers-color-scheme: dark)';
    fetch(form.action, { method: 'POST', body: new FormData(form), redirect: 'manual' });
  });
}
// After a refused form, the summary of errors is where one starts reading again.
document.querySelector('.encart.err[role=alert]')?.focus();
// Whoever signs out leaves no draft on the device, and is told first if some was not sent.
const leaving = document.getElementById('quitter');
if (leaving) {
  const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith('seance:'));
  document.getElementById('non-envoye').hidden = !drafts().length;
  leaving.addEventListener('submit', () => drafts().forEach((key) => localStorage.removeItem(key)));
}
