import ts from 'typescript';

/**
 * A browser that translates a page wraps every text in an element of its own. React still holds the text that it made: taking it
 * away, or putting something before it, throws, and changing it changes nothing that is seen. Text that is its element's only
 * child is written through the element, and survives. So text stands alone in its element.
 *
 * Text beside plain elements (`<p>See <b>this</b>.</p>`) is never moved and may stay.
 */
export const textInOwnElement = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      fragment: 'Text in a fragment stands beside whatever is around it: give it an element of its own.',
      beside: 'This may be text, and has siblings: give it an element of its own.',
      changing: 'Text beside something that may change: give it an element of its own.',
    },
  },

  create(context) {
    const { esTreeNodeToTSNodeMap: nodes, program } = context.sourceCode.parserServices;
    const types = program.getTypeChecker();
    const typeOf = (node) => types.getTypeAtLocation(nodes.get(node));

    function check(node) {
      const children = node.children.filter(isRendered);
      const texts = children.filter((child) => isStaticText(child) || mayRenderText(child));
      if (node.type === 'JSXFragment') {
        for (const text of texts) context.report({ node: text, messageId: 'fragment' });
        return;
      }
      if (children.length < 2) return;
      const changes = children.some((child) => !isStaticText(child) && !isPlainElement(child));
      for (const text of texts) {
        if (!isStaticText(text)) context.report({ node: text, messageId: 'beside' });
        else if (changes) context.report({ node: text, messageId: 'changing' });
      }
    }

    function mayRenderText(child) {
      if (child.type === 'JSXExpressionContainer') return mayBeText(typeOf(child.expression));
      if (child.type !== 'JSXElement' || isPlainElement(child)) return false;
      return typeOf(child.openingElement.name)
        .getCallSignatures()
        .some((signature) => returnsText(signature));
    }

    /** A component of ours that may give back a bare string; what libraries declare as ReactNode is their own affair. */
    function returnsText(signature) {
      const file = signature.getDeclaration()?.getSourceFile().fileName ?? '';
      return !file.includes('/node_modules/') && mayBeText(signature.getReturnType());
    }

    function mayBeText(type) {
      if (type.isUnion()) return type.types.some(mayBeText);
      if (type.isStringLiteral()) return type.value !== '';
      if (types.isArrayType(type)) return mayBeText(types.getTypeArguments(type)[0]);
      return (type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BigIntLike | ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
    }

    return { JSXElement: check, JSXFragment: check };
  },
};

/** Whether a child is drawn at all: line breaks between tags and comments are not. */
function isRendered(child) {
  if (child.type === 'JSXText') return child.value.trim() !== '' || !child.value.includes('\n');
  return child.type !== 'JSXExpressionContainer' || child.expression.type !== 'JSXEmptyExpression';
}

function isStaticText(child) {
  return child.type === 'JSXText' || (child.type === 'JSXExpressionContainer' && child.expression.type === 'Literal');
}

/** An element of HTML, which is always there; a component may draw nothing, or something else. */
function isPlainElement(child) {
  return child.type === 'JSXElement' && child.openingElement.name.type === 'JSXIdentifier' && /^[a-z]/.test(child.openingElement.name.name);
}
