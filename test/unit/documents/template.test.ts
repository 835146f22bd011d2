import assert from 'node:assert/strict';
import { checkTemplate, fillTemplate } from '../../../src/core/documents/template.ts';

const BUILT_IN = {
  file: 'plan.md',
  text: '# {{title}}\n{{#files}}\n- {{path}} ({{lines}})\n{{/files}}\n{{^files}}\nnone\n{{/files}}\n',
};

function problems(text: string): string[] {
  const issues = checkTemplate({ file: 'templates/documents/plan.md', text }, BUILT_IN);
  return issues.map(({ code, range, message }) => `${range.start.line}:${range.start.column} ${code} ${message}`);
}

describe('a template of the workspace', () => {
  it('may use the fields of the built-in one, also those of outer sections', () => {
    assert.deepEqual(problems('{{#files}}{{path}} of {{title}}{{/files}}'), []);
  });

  it('is refused for a field that there is not, at its place', () => {
    assert.deepEqual(problems('# {{titel}}\n\n{{#files}}\n{{size}}\n{{/files}}\n'), [
      '1:3 template.unknown-field There is no field "titel". Did you mean "title"?',
      '4:1 template.unknown-field There is no field "size" in the section "files". Fields here: files, lines, path, title.',
    ]);
    assert.deepEqual(problems('{{path}}'), [
      '1:1 template.unknown-field There is no field "path". Fields here: files, title.',
    ]);
  });

  it('cannot reach anything but fields, and no other file', () => {
    assert.deepEqual(problems('{{constructor}}'), [
      '1:1 template.unknown-field There is no field "constructor". Fields here: files, title.',
    ]);
    assert.deepEqual(problems('{{> ../secrets}}'), [
      '1:1 template.partial Templates have no partials: write the text of "../secrets" here.',
    ]);
  });

  it('is refused where it is cut short', () => {
    assert.deepEqual(problems('# {{title}}\n{{#files}}\n'), [
      '2:12 template.broken Unclosed section "files" at 23. Mend it.',
    ]);
    assert.equal(problems('{{title')[0]?.includes('template.broken'), true);
  });

  it('puts texts in as they are: Markdown, not HTML', () => {
    const view = { title: 'a < b & "c"', files: [] };
    assert.equal(fillTemplate(BUILT_IN, view), '# a < b & "c"\nnone\n');
  });
});
