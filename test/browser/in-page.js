/* global document, window, NodeFilter */
// Functions that run inside the browser, each separately: none may use another one or anything from
// outside.

/**
 * Elements outside the window that are not in a scrolling box, and letters outside their drawing.
 */
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
 * The marks of one class in one drawing of a figure, and the labels of its axes, all in pixels of
 * the drawing.
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

/** The exact values in a figure's table, a list a row; undefined where a cell holds none. */
export function valuesOf(figure) {
  const rows = [...document.querySelectorAll(`#${figure} tbody tr`)];
  return rows.map((row) => [...row.cells].map((cell) => cell.querySelector('data')?.value ?? cell.textContent.trim()));
}

/** Everything that text could have become: the names of all elements and of their attributes. */
export function skeleton() {
  return [...document.querySelectorAll('*')].map(
    (element) => `${element.tagName} ${[...element.attributes].map(({ name }) => name).join(' ')}`,
  );
}

/** The texts of the page in which `part` occurs. */
export function textsWith(part) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (walker.currentNode.data.includes(part)) texts.push(walker.currentNode.data);
  return texts;
}

/** Opens what one can open. */
export function openAll() {
  for (const details of document.querySelectorAll('details')) details.open = true;
}
