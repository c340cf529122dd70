/** The linter's rules that are this project's own: the import table, and a first line that says what a file is for. */
import { relative, resolve, sep } from 'node:path';
import { judgeImport } from './import-table.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The part of oxlint's ESLint-compatible rule interface that these rules use. */
interface LintContext {
  readonly filename: string;
  readonly sourceCode: { readonly text: string };
  report(finding: { readonly node: LintNode; readonly message: string }): void;
}

/** `source` is there on imports and re-exports. */
interface LintNode {
  readonly source?: { readonly value?: unknown } | null;
}

const importTable = {
  meta: { type: 'problem' },
  create(context: LintContext) {
    const file = relative(ROOT, context.filename).split(sep).join('/');
    const check = (node: LintNode): void => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string') return;
      const message = judgeImport(file, specifier);
      if (message !== null) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};

const firstLineComment = {
  meta: { type: 'suggestion' },
  create(context: LintContext) {
    return {
      Program(node: LintNode): void {
        if (/^(?:#!.*\n)?(?:\/\*\*|\/\/ )/.test(context.sourceCode.text)) return;
        context.report({ node, message: 'Begin the file with a comment that says what it is for.' });
      },
    };
  },
};

export default {
  meta: { name: 'porchlight' },
  rules: { 'import-table': importTable, 'first-line-comment': firstLineComment },
};
