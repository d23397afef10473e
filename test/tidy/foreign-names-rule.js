import ts from 'typescript'

const AT =
  'Look a name that others chose up by `own` or in a Map: every object answers to `constructor`, and an assignment to `__proto__` can change all of them.'

/** An object, and no array, is read or written at a name that is not known when it is compiled. */
export const foreignNames = {
  meta: { type: 'problem', schema: [], messages: { at: AT } },
  create(context) {
    const { getTypeAtLocation } = context.sourceCode.parserServices

    function check(node, name) {
      const type = getTypeAtLocation(name)
      const types = type.isUnion() ? type.types : [type]
      const isAnyName = types.some(({ flags }) => (flags & ts.TypeFlags.String) !== 0)
      if (isAnyName) context.report({ node, messageId: 'at' })
    }

    return {
      'MemberExpression[computed=true]'(node) {
        check(node, node.property)
      },
      "BinaryExpression[operator='in']"(node) {
        check(node, node.left)
      },
    }
  },
}
