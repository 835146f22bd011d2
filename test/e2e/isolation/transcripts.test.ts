import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import type { TranscriptEntry } from '../../../src/core/model/implementation.ts';
import { createTranscripts } from '../../../src/node/transcripts.ts';
import { Place } from './support.ts';

const AT = '2026-11-22T11:30:00.000Z';
const FILE = '.infrabuilder/runs/run-1/transcript.jsonl';

function state(why: string): TranscriptEntry {
  return { type: 'state', at: AT, state: 'edit', why };
}

describe('transcripts', () => {
  let place: Place;
  beforeEach(() => {
    place = new Place();
  });
  afterEach(() => place.dispose());

  it('keeps one JSON line for each entry, in order', async () => {
    const transcripts = createTranscripts(place.root, place.root);
    await transcripts.append('run-1', state('one\nline'));
    await transcripts.append('run-1', state('ü'));
    assert.equal(place.read(FILE).split('\n').length, 3);
    const reading = await transcripts.read({ run: 'run-1' });
    assert.deepEqual(reading, { file: FILE, entries: [state('one\nline'), state('ü')], issues: [] });
  });

  it('loses nothing but the line that a crash cut off', async () => {
    const transcripts = createTranscripts(place.root, place.root);
    await transcripts.append('run-1', state('before'));
    appendFileSync(place.at(FILE), '{"type":"state","at":"2026');
    await transcripts.append('run-1', state('after'));
    const { entries, issues } = await transcripts.read({ run: 'run-1' });
    assert.deepEqual(entries, [state('before'), state('after')]);
    assert.deepEqual(
      issues.map(({ code, file, range, message }) => `${file}:${range.start.line} ${code} ${message}`),
      [`${FILE}:2 transcript.line This line is no entry of a transcript: it is not JSON, or it was cut off.`],
    );
  });

  it('reads a file that the person names from where they stand, and says what is wrong with it', async () => {
    place.write('sub/t.jsonl', `${JSON.stringify(state('x'))}\r\n\n{"type":"state"}\n[]\n`);
    const { file, entries, issues } = await createTranscripts(place.root, place.at('sub')).read({ file: 't.jsonl' });
    assert.equal(file, 't.jsonl');
    assert.equal(entries.length, 1);
    assert.deepEqual(
      issues.map(({ range }) => range.start.line),
      [3, 4],
    );
  });

  it('says where there is none', async () => {
    const transcripts = createTranscripts(place.root, place.root);
    await assert.rejects(transcripts.read({ run: 'no-run' }), { code: 'transcript.missing' });
    await assert.rejects(transcripts.read({ run: '../../secret' }), { code: 'transcript.missing' });
    await assert.rejects(transcripts.append('..', state('x')), { code: 'transcript.missing' });
  });
});
