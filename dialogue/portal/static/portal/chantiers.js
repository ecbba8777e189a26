// The filters are sent as soon as one changes; without this script the button "Afficher" does it.
(() => {
  const form = document.querySelector('#filtres');
  if (!form) return;
  form.addEventListener('submit', () => [...form.elements].forEach(x => { if (x.name && !x.value) x.disabled = true }));
  form.addEventListener('change', e => { if (e.target.tagName === 'SELECT') form.requestSubmit() });
  // List and matrix are both in the page: switching writes the address, it loads nothing.
  document.querySelectorAll('input[name=vue]').forEach(x => x.addEventListener('change', () => {
    const url = new URL(location.href);
    x.value === 'liste' ? url.searchParams.delete('vue') : url.searchParams.set('vue', x.value);
    history.replaceState(null, '', url);
  }));
  addEventListener('pageshow', () => [...form.elements].forEach(x => { x.disabled = false }));
})();
