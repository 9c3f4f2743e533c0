/* global document, window, NodeFilter */
// Functions that run inside the browser. Each is serialized separately, so none may use another one
// or anything else from this module.

/** Elements outside the window that are not in a scrolling box, and text outside its drawing. */
export function strays() {
  const beyond = [...document.querySelectorAll('body *')].filter((element) => {
    const { right, left, width } = element.getBoundingClientRect();
    if (width === 0 || element.closest('.scroll, .unseen, svg') !== null) return false;
    return right > window.innerWidth + 0.5 || left < -0.5;
  });
  const cut = [...document.querySelectorAll('svg text')].filter((text) => {
    const box = text.getBoundingClientRect();
    const edge = text.closest('svg').getBoundingClientRect();
    if (box.width === 0) return false;
    return (
      box.right > edge.right + 1 || box.left < edge.left - 1 || box.bottom > edge.bottom + 1 || box.top < edge.top - 1
    );
  });
  const name = (element) =>
    `${element.tagName} ${element.closest('figure')?.id ?? ''} ${element.textContent.slice(0, 60)}`;
  return {
    pageWidthPx: document.documentElement.scrollWidth,
    windowWidthPx: window.innerWidth,
    beyond: beyond.map(name),
    cut: cut.map(name),
  };
}

/**
 * The positions of the marks of one class in one drawing of a figure, and of its axis labels, in
 * pixels of the drawing.
 */
export function drawingOf({ figure, size, marks }) {
  const svg = document.querySelector(`#${figure} .chart.${size} > svg`);
  const place = (element) => {
    const matrix = element.getCTM();
    const [cx, cy] = ['cx', 'cy'].map((name) => Number(element.getAttribute(name) ?? 0));
    return { x: matrix.a * cx + matrix.e, y: matrix.d * cy + matrix.f };
  };
  const ticks = (axis) =>
    [...svg.querySelectorAll(`[data-part="${axis}-axis tick label"] text`)].map((text) => ({
      text: text.textContent,
      at: place(text)[axis],
    }));
  const corners = (path) => [...path.getAttribute('d').matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)];
  // A line is one path through its points; every other mark is a separate element.
  const points = [...svg.querySelectorAll(`g.${marks} > *`)].flatMap((element) => {
    const { a, d, e, f } = element.getCTM();
    const isLine = element.parentElement.getAttribute('data-part') === 'line';
    return isLine
      ? corners(element).map(([, x, y]) => ({ x: a * Number(x) + e, y: d * Number(y) + f }))
      : [place(element)];
  });
  return { x: ticks('x'), y: ticks('y'), points };
}

/** The exact values in a figure's table, one list per row; the text of a cell without a value. */
export function valuesOf(figure) {
  const rows = [...document.querySelectorAll(`#${figure} tbody tr`)];
  return rows.map((row) => [...row.cells].map((cell) => cell.querySelector('data')?.value ?? cell.textContent.trim()));
}

/** The names of all elements and their attributes: markup injected by text would add to them. */
export function skeleton() {
  return [...document.querySelectorAll('*')].map(
    (element) => `${element.tagName} ${[...element.attributes].map(({ name }) => name).join(' ')}`,
  );
}

/** The text nodes of the page that contain `part`. */
export function textsWith(part) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (walker.currentNode.data.includes(part)) texts.push(walker.currentNode.data);
  return texts;
}

/** Opens all `details` elements. */
export function openAll() {
  for (const details of document.querySelectorAll('details')) details.open = true;
}
