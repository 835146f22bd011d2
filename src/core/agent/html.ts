import type { TranscriptEntry } from '../model/implementation.ts';
import { count, NO_ACCOUNT } from './account.ts';

const STYLE = `
:root{color-scheme:light dark;font:14px/1.45 system-ui,sans-serif}
body{max-width:70rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}table{border-collapse:collapse}td,th{text-align:left;padding:.15rem .8rem .15rem 0;vertical-align:top}
section{border-left:3px solid #8888;padding:.1rem 0 .1rem .8rem;margin:.6rem 0}
section.refused,section.fails{border-color:#c33}section.holds,section.done{border-color:#2a2}section.state{border-color:#36c}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#8881;padding:.5rem;margin:.3rem 0;max-height:30rem;overflow:auto}
small{opacity:.7}summary{cursor:pointer}`;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** A transcript as one page that loads nothing and runs nothing. */
export function transcriptHtml(entries: readonly TranscriptEntry[]): string {
  const run = entries.find((entry) => entry.type === 'run');
  const title = run === undefined ? 'Transcript' : `Transcript of ${run.run}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
${summary(entries)}
${entries.map(section).join('\n')}
</body></html>
`;
}

function summary(entries: readonly TranscriptEntry[]): string {
  const account = entries.reduce(count, NO_ACCOUNT);
  const run = entries.find((entry) => entry.type === 'run');
  const end = entries.findLast((entry) => entry.type === 'end');
  const rows: readonly (readonly [string, string])[] = [
    ['Task', run?.task ?? ''],
    ['Model', run?.model ?? ''],
    ['Outcome', end === undefined ? 'under way' : `${end.outcome}. ${end.reason}`],
    ['Steps', String(account.steps)],
    ['Tokens', `${account.usage.inputTokens} in, ${account.usage.outputTokens} out`],
    ['Refused', String(account.refusals.length)],
  ];
  return `<table>${rows.map(([name, value]) => `<tr><th>${name}</th><td>${escaped(value)}</td></tr>`).join('')}</table>`;
}

function section(entry: TranscriptEntry): string {
  switch (entry.type) {
    case 'run':
      return block('state', entry.at, `Run ${entry.run}, from ${entry.base}`, aside(JSON.stringify(entry.budget)));
    case 'baseline':
      return block(
        'state',
        entry.at,
        'Before any change',
        pre(entry.checks.map(({ check, verdict, reason }) => `${check}: ${verdict}. ${reason}`).join('\n')),
      );
    case 'state':
      return block('state', entry.at, `State ${entry.state}`, `<p>${escaped(entry.why)}</p>`);
    case 'request':
      return block(
        '',
        entry.at,
        `Request ${entry.step}`,
        folded('What is new', entry.messages.map(messageText).join('\n\n')),
      );
    case 'response': {
      const calls = entry.toolCalls.map(({ name, raw }) => folded(`Call ${name}`, raw)).join('');
      const cost =
        entry.usage === null ? 'tokens not counted' : `${entry.usage.inputTokens} + ${entry.usage.outputTokens} tokens`;
      return block(
        '',
        entry.at,
        `Answer ${entry.step}, ${entry.seconds} s, ${cost}`,
        (entry.text === '' ? '' : pre(entry.text)) + calls,
      );
    }
    case 'tool': {
      const isRefused = entry.refused !== null;
      return block(
        isRefused ? 'refused' : '',
        entry.at,
        `${entry.name}${isRefused ? ` refused (${entry.refused})` : ''}`,
        pre(entry.result),
      );
    }
    case 'commit':
      return block('', entry.at, `Step kept: ${entry.message}`, aside(entry.commit));
    case 'verdict': {
      const missing = entry.missing.map(({ code, message, mend }) => `${message} (${code}) ${mend}`).join('\n');
      return block(
        entry.holds ? 'holds' : 'fails',
        entry.at,
        `Stage ${entry.stage}: ${entry.holds ? 'holds' : 'does not hold'}`,
        missing === '' ? '' : pre(missing),
      );
    }
    case 'end':
      return block(
        entry.outcome === 'done' ? 'done' : 'fails',
        entry.at,
        `End: ${entry.outcome}`,
        `<p>${escaped(entry.reason)}</p>`,
      );
  }
}

function block(kind: string, at: string, title: string, body: string): string {
  return `<section class="${kind}"><strong>${escaped(title)}</strong> <small>${escaped(at)}</small>${body}</section>`;
}

function aside(text: string): string {
  return ` <small>${escaped(text)}</small>`;
}

function folded(title: string, text: string): string {
  return `<details><summary>${escaped(title)}</summary>${pre(text)}</details>`;
}

function pre(text: string): string {
  return `<pre>${escaped(text)}</pre>`;
}

function messageText({ role, text }: Record<string, unknown>): string {
  return `${String(role)}: ${typeof text === 'string' ? text : JSON.stringify(text)}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0)};`);
}
