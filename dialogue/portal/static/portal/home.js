// Cross a theme with the tiles without loading the page again; without this script the links do it (?theme=).
(() => {
  const all = (s, r = document) => [...r.querySelectorAll(s)];
  const themes = document.querySelector('#themes'), map = document.querySelector('#carto'), says = document.querySelector('#carto-dit');
  if (!themes || !map || !says || new URLSearchParams(location.search).get('theme')) return;
  const start = says.textContent;
  themes.addEventListener('click', e => {
    const link = e.target.closest('a');
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    const theme = link.dataset.theme, has = x => x.dataset.t.split(' ').includes(theme);
    all('a', themes).forEach(x => x === link ? x.setAttribute('aria-current', 'true') : x.removeAttribute('aria-current'));
    map.classList.toggle('filtre', !!theme);
    all('[data-t]', map).forEach(x => x.classList.toggle('oui', !!theme && has(x)));
    const names = all('.tuile.oui :is(h2, h3)', map).map(x => x.textContent.trim());
    says.textContent = theme ? `${link.textContent.trim().replace(/\s*\d+$/, '')} : ${names.join(', ')}.` : start;
  });
})();
