import ts from 'typescript';

/**
 * Reports a choice between the members of a union of strings that does not name all of them:
 * `kind === 'a' ? x : y`, or `if (kind === 'a') … else …`. A new member would silently become the
 * last one. A switch or a record over the union names all, and fails to compile when one is missing.
 * A choice between a value and nothing is allowed: `kind === 'a' ? [x] : []`.
 */
export const exhaustiveChoice = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      swallowed: 'A new member besides {{members}} would be treated as the last: use a switch or a strict record.',
    },
  },
  create(context) {
    const { services } = parserOf(context);
    const check = (node) => {
      const { test, consequent, alternate } = node;
      if (alternate === null || alternate.type === 'IfStatement' || isNothing(consequent) || isNothing(alternate))
        return;
      const members = comparisons(test)
        .map((compared) => stringsOf(services, compared))
        .find(Boolean);
      if (members === undefined) return;
      const shown = members.length > 4 ? [...members.slice(0, 4), '…'] : members;
      context.report({ node: test, messageId: 'swallowed', data: { members: shown.join(', ') } });
    };
    return { ConditionalExpression: check, IfStatement: check };
  },
};

function parserOf({ sourceCode: { parserServices: services } }) {
  if (services?.program === undefined) throw new Error('exhaustive-choice needs type information');
  return { services };
}

/** The expressions that a condition compares with a string literal. */
function comparisons(test) {
  if (test.type === 'LogicalExpression') return [...comparisons(test.left), ...comparisons(test.right)];
  if (test.type === 'UnaryExpression') return test.operator === '!' ? comparisons(test.argument) : [];
  if (test.type !== 'BinaryExpression' || !/^[!=]==$/.test(test.operator)) return [];
  const isText = ({ type, value }) => type === 'Literal' && typeof value === 'string';
  if (isText(test.right)) return [test.left];
  return isText(test.left) ? [test.right] : [];
}

/** @returns the members when the expression is one of several strings, besides undefined and null */
function stringsOf({ program, esTreeNodeToTSNodeMap }, expression) {
  if (expression.type === 'UnaryExpression' && expression.operator === 'typeof') return undefined;
  const type = program.getTypeChecker().getTypeAtLocation(esTreeNodeToTSNodeMap.get(expression));
  const types = (type.isUnion() ? type.types : [type]).filter(
    ({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) === 0,
  );
  if (types.length < 2 || !types.every(({ flags }) => (flags & ts.TypeFlags.StringLiteral) !== 0)) return undefined;
  return types.map(({ value }) => value);
}

function isNothing(node) {
  switch (node.type) {
    case 'ArrayExpression':
      return node.elements.length === 0;
    case 'ObjectExpression':
      return node.properties.length === 0;
    case 'Identifier':
      return node.name === 'undefined';
    case 'Literal':
      return node.value === '' || node.value === 0;
    default:
      return false;
  }
}
