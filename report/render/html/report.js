// Filters what the page already shows, and opens what a link points at. Without
// it the page is whole; only the filters are missing.
(function () {
  'use strict';
  const form = document.getElementById('filters');
  const output = form.querySelector('output');
  const names = ['section', 'verdict', 'severity', 'framework', 'text'];
  const all = (root, selector) => Array.from(root.querySelectorAll(selector));
  const split = (text) => new Set(text ? text.split(' ') : []);
  let index = null;

  // build reads the page once; texts are read when they are first looked for.
  function build() {
    const entry = (el) => ({ el, data: el.dataset, serves: split(el.dataset.framework), text: null, hidden: false });
    const items = all(document, '.item').map(entry);
    const rules = all(document, '.rule').map((el) => Object.assign(entry(el), {
      rows: null, hits: el.querySelector('.hits'), head: null,
    }));
    const tables = all(document, 'tbody[data-of]').map((el) => ({
      of: el.dataset.of, hits: document.getElementById(el.dataset.hits),
      rows: Array.from(el.rows, (row) => ({ el: row, text: null, hidden: false })),
    }));
    const boxes = all(document, '.sec, .guide').reverse();
    return { items, rules, tables, boxes };
  }

  function text(entry) {
    if (entry.text === null) entry.text = entry.el.textContent.toLowerCase();
    return entry.text;
  }

  function rows(rule) {
    if (rule.rows === null) {
      const list = rule.el.querySelector('ul').children;
      rule.rows = Array.from(list, (el) => ({
        el, verdict: el.className.toUpperCase(), waived: el.hasAttribute('data-w'), text: null, hidden: false,
      }));
      rule.head = rule.el.querySelector('summary').textContent.toLowerCase();
    }
    return rule.rows;
  }

  function show(entry, is) {
    if (entry.hidden === is) {
      entry.hidden = !is;
      entry.el.hidden = !is;
    }
    return is ? 1 : 0;
  }

  function common(entry, want) {
    return (!want.severity || entry.data.severity === want.severity) && (!want.framework || entry.serves.has(want.framework));
  }

  function itemFits(item, want) {
    return common(item, want) && (!want.section || item.data.section === want.section) &&
      (!want.verdict || (want.verdict === 'open' ? 'open' in item.data : item.data.verdict === want.verdict)) &&
      want.words.every((word) => text(item).includes(word));
  }

  function rowFits(row, want, words) {
    return (!want.verdict || (want.verdict === 'open' ? !row.waived : row.verdict === want.verdict)) &&
      words.every((word) => text(row).includes(word));
  }

  // showRule hides the rows that do not fit, and the rule when none does.
  function showRule(rule, want) {
    let shown = 0;
    let list = [];
    if (common(rule, want) && (!want.section || want.section === 'policies') && want.words.every((word) => text(rule).includes(word))) {
      list = rows(rule);
      const words = want.words.filter((word) => !rule.head.includes(word));
      for (const row of list) shown += show(row, rowFits(row, want, words));
    }
    show(rule, shown > 0);
    say(rule.hits, shown, shown > 0 ? list.length : 0);
    return shown;
  }

  // showTable hides the rows of a table without the words: it has no verdicts.
  function showTable(table, want) {
    let shown = 0;
    for (const row of table.rows) shown += show(row, want.words.every((word) => text(row).includes(word)));
    say(table.hits, shown, table.rows.length);
    return shown;
  }

  function say(hits, shown, of) {
    const says = shown < of ? ' ' + shown + ' of ' + of + ' shown' : '';
    if (hits.textContent !== says) hits.textContent = says;
  }

  function wanted() {
    const want = {};
    for (const name of names) want[name] = form.elements[name].value;
    want.words = want.text.toLowerCase().split(/\s+/).filter(Boolean);
    return want;
  }

  function apply() {
    if (index === null) index = build();
    const want = wanted();
    let items = 0;
    let findings = 0;
    const rows = new Map();
    for (const item of index.items) items += show(item, itemFits(item, want));
    for (const rule of index.rules) findings += showRule(rule, want);
    for (const table of index.tables) {
      const n = rows.get(table.of) || [0, 0];
      rows.set(table.of, [n[0] + showTable(table, want), n[1] + table.rows.length]);
    }
    for (const box of index.boxes) box.hidden = !box.querySelector('.item:not([hidden])');
    const on = names.some((name) => form.elements[name].value !== '');
    form.classList.toggle('on', on);
    output.textContent = on ? items + ' of ' + output.dataset.items + ' items and ' + findings + ' of ' +
      output.dataset.findings + ' findings are shown' + (want.words.length > 0 ? tally(rows) : '') : '';
    return on;
  }

  // tally says how many rows of the tables have the words.
  function tally(rows) {
    return Array.from(rows, ([of, n]) => ', ' + n[0] + ' of ' + n[1] + ' ' + of).join('');
  }

  // keep puts the filters into the address, so that it can be passed on.
  function keep() {
    const query = new URLSearchParams();
    for (const name of names) if (form.elements[name].value) query.set(name, form.elements[name].value);
    const text = query.toString();
    history.replaceState(null, '', (text ? '?' + text : location.pathname) + location.hash);
  }

  function restore() {
    const query = new URLSearchParams(location.search);
    for (const name of names) form.elements[name].value = query.get(name) || '';
    for (const name of names) if (form.elements[name].selectedIndex === -1) form.elements[name].value = '';
    return names.some((name) => form.elements[name].value);
  }

  // reveal opens what the address points at, whatever hides it.
  function reveal() {
    let target = null;
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return;
    }
    if (!target) return;
    if (target.closest('[hidden]')) {
      form.reset();
      apply();
      keep();
    }
    for (let el = target; el; el = el.parentElement) if (el.tagName === 'DETAILS') el.open = true;
    target.scrollIntoView();
  }

  // Texts are read ahead of the first search while nothing else is to be done.
  function prepare(deadline) {
    if (index === null) index = build();
    const todo = index.rules.filter((rule) => rule.rows === null);
    for (const rule of todo) {
      if (deadline.timeRemaining() < 2) break;
      text(rule);
      rows(rule).forEach(text);
    }
    if (todo.length > 0) requestIdleCallback(prepare);
  }

  let opened = [];
  addEventListener('beforeprint', () => {
    opened = all(document, 'details:not([open])');
    for (const el of opened) el.open = true;
  });
  addEventListener('afterprint', () => {
    for (const el of opened) el.open = false;
    opened = [];
  });

  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', () => { apply(); keep(); });
  form.addEventListener('reset', () => setTimeout(() => { apply(); keep(); }));
  addEventListener('hashchange', reveal);
  if (typeof requestIdleCallback === 'function') requestIdleCallback(prepare);
  if (restore()) apply();
  if (location.hash) reveal();
})();
