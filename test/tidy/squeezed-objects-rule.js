const MESSAGES = {
  squeezed: 'Write the properties one by one: a spread of them only saves lines.',
  conditional: 'Leave out what is undefined by `defined({ ... })` of core.',
}

/** An object literal is spread for the lines it saves, or a condition leaves a property out by hand. */
export const squeezedObjects = {
  meta: { type: 'suggestion', schema: [], messages: MESSAGES },
  create(context) {
    const text = (node) => context.sourceCode.getText(node)
    const isEmpty = ({ type, properties }) => type === 'ObjectExpression' && properties.length === 0

    /** Whether this is `{ value }` or `{ name: value }`. */
    function holdsOnly({ type, properties }, value) {
      if (type !== 'ObjectExpression' || properties.length !== 1) return false
      const [property] = properties
      return property.type === 'Property' && text(property.value) === value
    }

    return {
      'ObjectExpression > SpreadElement > ObjectExpression.argument'(node) {
        if (!isEmpty(node)) context.report({ node, messageId: 'squeezed' })
      },
      ConditionalExpression(node) {
        const { test, consequent, alternate } = node
        if (test.type !== 'BinaryExpression' || text(test.right) !== 'undefined') return
        const [missing, there] =
          test.operator === '===' ? [consequent, alternate] : [alternate, consequent]
        if (isEmpty(missing) && holdsOnly(there, text(test.left))) {
          context.report({ node, messageId: 'conditional' })
        }
      },
    }
  },
}
