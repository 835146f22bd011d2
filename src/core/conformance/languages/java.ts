import { oneLine } from '../facts.ts';
import { children, placeOf } from '../tree.ts';
import { capture, type Language } from './language.ts';

/** Java: import declarations, static and on demand. A full name used without an import is not seen. */
export const java: Language = {
  grammars: { java: 'java' },
  isTest: (path) => /(^|\/)src\/test\/|(Test|Tests|IT)\.java$/.test(path),
  imports: {
    query: '(import_declaration) @import (package_declaration (_) @package)',
    read(match) {
      const node = capture(match, 'import');
      const name = node === undefined ? undefined : children(node)[0];
      if (node === undefined || name === undefined) return [];
      const path = children(node).some((child) => child.type === 'asterisk') ? `${name.text}.*` : name.text;
      return [{ path, place: placeOf(name), text: oneLine(node.text) }];
    },
    package: (match) => capture(match, 'package')?.text,
  },
  resolve({ path }, _file, sources) {
    const parts = path.replace(/\.\*$/, '').split('.');
    for (let length = parts.length; length > 0; length--) {
      const own = sources.javaPlace(parts.slice(0, length).join('.'));
      if (own !== undefined) return { kind: 'own', path: own };
    }
    return { kind: /^(java|javax|jdk)$/.test(parts[0] ?? '') ? 'std' : 'external', name: path };
  },
};
