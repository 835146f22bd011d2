import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { compareIssues, type Issue } from '../../../src/core/model/issue.ts';
import { parseConfig } from '../../../src/core/parse/config.ts';
import { parseDeviation } from '../../../src/core/parse/deviation.ts';
import { parseMapping } from '../../../src/core/parse/mapping.ts';
import type { Parsed } from '../../../src/core/parse/parsed.ts';
import { parseScenario } from '../../../src/core/parse/scenario.ts';
import { parseTask } from '../../../src/core/parse/task.ts';

const FOLDER = new URL('../../fixtures/broken/', import.meta.url);
const PARSERS: Readonly<Record<string, (text: string, file: string) => Parsed<unknown>>> = {
  config: parseConfig,
  deviation: parseDeviation,
  mapping: parseMapping,
  scenario: parseScenario,
  task: parseTask,
};

/** File, and what is found in it: range, code and message. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'config_applies_without_reason.yaml': [
    '3:3-3:12 config.invalid: goals[0].reason: a goal with "applies: false" needs a "reason".',
  ],
  'config_bad_check_name.yaml': [
    '3:3-3:11 config.invalid: checks.Lint All: a check name has lower-case letters, digits, "_" and "-".',
  ],
  'config_bad_url.yaml': ['3:12-3:21 config.invalid: llm.baseUrl: expected a URL such as http://127.0.0.1:11434/v1.'],
  'config_coverage_too_high.yaml': [
    '5:21-5:24 config.invalid: checks.test.coverage.min: expected at most 100, got the number 180.',
  ],
  'config_milestone_verify.yaml': [
    '6:7-6:14 config.missing-key: "scenario" is missing in milestones[0].verify: expected text. Rename "scenari"?',
  ],
  'config_no_version.yaml': ['1:1-1:7 config.missing-key: "version" is missing: expected 1.'],
  'config_shell_string.yaml': [
    '4:10-4:33 config.invalid: checks.lint.run: expected a list of text, got text. Write [golangci-lint, run, ./...].',
  ],
  'config_unknown_key.yaml': [
    '3:3-3:10 config.unknown-key: The key "sources" is unknown in paths. Did you mean "source"?',
  ],
  'config_unknown_kind.yaml': [
    '5:11-5:15 config.invalid: goals[0].kind: expected one of "schema", "kpi", "event", "docs-parity", "checks", "conformance", "runbook", "command", got "kpis". Did you mean "kpi"?',
  ],
  'config_unknown_parser.yaml': [
    '5:13-5:20 config.invalid: checks.test.parser: expected one of "generic", "gotest", "gobench", "golangci", "gofmt", "buf", "replay", got "go-test". Did you mean "gotest"?',
  ],
  'config_unknown_section.yaml': [
    '2:1-2:10 config.unknown-key: The key "milestnes" is unknown. Did you mean "milestones"?',
  ],
  'config_wrong_version.yaml': ['1:10-1:11 config.invalid: version: expected 1, got the number 2.'],
  'deviation_approved_by_nobody.yaml': [
    '1:1-1:10 deviation.invalid: approved_by: an approved deviation names who approved it.',
  ],
  'deviation_bad_date.yaml': ['2:7-2:17 deviation.invalid: date: expected a date such as 2026-01-31.'],
  'deviation_unknown_status.yaml': [
    '6:9-6:16 deviation.invalid: status: expected one of "proposed", "approved", "rejected", "expired", got "aproved". Did you mean "approved"?',
  ],
  'mapping_no_colon.yaml': [
    '4:7-4:12 yaml.syntax: This is not valid YAML: this key has no colon on its line. Write "key: value".',
    '6:1-6:2 yaml.syntax: This is not valid YAML: the indentation is wrong: all mapping items must start at the same column.',
  ],
  'mapping_no_epics.yaml': ['2:1-2:5 mapping.missing-key: "epics" is missing: expected a mapping. Rename "epic"?'],
  'mapping_no_slug.yaml': [
    '6:11-6:22 mapping.missing-key: "slug" is missing in epics.A1-E1.stories.A1-S3.tasks[0]: expected text.',
  ],
  'mapping_tasks_text.yaml': [
    '5:16-5:28 mapping.invalid: epics.A1-E1.stories.A1-S3.tasks: expected a list of mappings, got text.',
  ],
  'scenario_no_workload.yml': [
    '2:1-2:15 scenario.invalid: A scenario needs a "workload" or a list of "scenarios" with steps.',
  ],
  'scenario_threshold_text.yml': [
    '7:12-7:14 scenario.invalid: validation.kpis.cpu_usage.max: expected a number, got the text "2%".',
  ],
  'scenario_threshold_unknown_key.yml': [
    '7:7-7:14 scenario.unknown-key: The key "maximum" is unknown in validation.kpis.cpu_usage. Known keys: min, max, unit.',
  ],
  'scenario_threshold_without_limit.yml': [
    '7:7-7:20 scenario.invalid: validation.kpis.cpu_usage: a threshold needs "min" or "max".',
  ],
  'scenario_unknown_action.yml': [
    '5:17-5:30 scenario.invalid: scenarios[0].steps[0].action: expected one of "configure", "start_workload", "wait", "inject_failure", "verify", got "injectfailure". Did you mean "inject_failure"?',
  ],
  'scenario_unknown_fault.yml': [
    '5:11-5:28 scenario.invalid: failures[0].type: expected one of "network_latency", "network_partition", "service_restart", "resource_constraint", "data_corruption", "clock_skew", "resource_constraints", got "network_latencies". Did you mean "network_latency"?',
  ],
  'scenario_unknown_workload.yml': [
    '3:9-3:23 scenario.invalid: workload.type: expected one of "standard", "high_pid_churn", "memory_pressure", "cpu_spikes", "high_cardinality", got "high_pid_chrun". Did you mean "high_pid_churn"?',
  ],
  'scenario_verify_nothing.yml': [
    '6:17-6:19 scenario.invalid: scenarios[0].steps[0].params: a verify step needs "expect_event", "expect_no_event" or "expect_metric".',
  ],
  'scenario_wait_without_time.yml': [
    '6:9-6:15 scenario.missing-key: "duration_seconds" is missing in scenarios[0].steps[0].params: expected a number.',
  ],
  'task_acceptance_empty.yaml': ['2:13-2:15 task.invalid: acceptance: must not be empty.'],
  'task_acceptance_mapping.yaml': ['3:5-3:24 task.invalid: acceptance[0]: expected text, got a mapping.'],
  'task_acceptance_nothing.yaml': ['2:1-2:11 task.invalid: acceptance: expected a list of text, got nothing.'],
  'task_acceptance_number.yaml': ['4:5-4:7 task.invalid: acceptance[1]: expected text, got the number 95.'],
  'task_acceptance_text.yaml': [
    '2:13-2:31 task.invalid: acceptance: expected a list of text, got text. Write ["sampler CPU ≤ 0.5%"].',
  ],
  'task_alias_bomb.yaml': ['6:8-6:10 yaml.alias: Aliases multiply without bound. Write the values out.'],
  'task_bad_goal_id.yaml': ['6:5-6:7 task.invalid: blueprint_goals[1]: a goal id looks like G-1.'],
  'task_bad_slug.yaml': [
    '1:7-1:16 task.invalid: slug: a slug has letters, digits, "_" and "-", starts with a letter or digit, and is at most 100 long.',
  ],
  'task_bom_crlf.yaml': [
    '1:7-1:9 task.invalid: slug: expected text, got the number 42.',
    '4:5-4:7 task.invalid: acceptance[1]: expected text, got the number 95.',
  ],
  'task_colon_in_text.yaml': [
    '2:8-2:9 yaml.syntax: This is not valid YAML: a mapping cannot start here. Check the indentation, or quote text that holds ": ".',
  ],
  'task_complex_key.yaml': ['4:3-4:9 yaml.complex-key: A key must be plain text.'],
  'task_dashed_key.yaml': [
    '4:1-4:11 task.unknown-key: The key "depends-on" is unknown and has no effect. Did you mean "depends_on"?',
  ],
  'task_duplicate_key.yaml': ['5:1-5:6 yaml.duplicate-key: The key "phase" is here twice. Remove one of the two.'],
  'task_empty.yaml': ['1:1-1:1 yaml.empty: The file is empty.'],
  'task_list_root.yaml': [
    '2:1-2:21 task.invalid: The file must hold a mapping ("key: value" lines), but it holds a list.',
  ],
  'task_missing_acceptance.yaml': ['2:1-2:19 task.missing-key: "acceptance" is missing: expected a list of text.'],
  'task_misspelt_acceptance.yaml': [
    '2:1-2:11 task.missing-key: "acceptance" is missing: expected a list of text. Rename "acceptence"?',
  ],
  'task_no_epic.yaml': ['4:1-4:10 task.missing-key: "epic" is missing in blueprint: expected text.'],
  'task_only_comments.yaml': ['1:1-1:1 yaml.empty: The file is empty.'],
  'task_proto.yaml': ['4:1-4:10 yaml.reserved-key: The key "__proto__" is not allowed.'],
  'task_reserved_start.yaml': [
    '2:8-2:9 yaml.syntax: This is not valid YAML: plain value cannot start with reserved character @.',
  ],
  'task_self_alias.yaml': ['4:13-4:16 yaml.alias: The alias "*me" lies within its own anchor.'],
  'task_tab.yaml': ['3:1-3:2 yaml.syntax: This is not valid YAML: a tab cannot indent YAML. Use spaces.'],
  'task_text_root.yaml': [
    '1:1-1:13 task.invalid: The file must hold a mapping ("key: value" lines), but it holds text.',
  ],
  'task_two_documents.yaml': [
    '4:1-4:4 yaml.multiple-documents: This is not valid YAML: a second document starts here. Keep one document a file.',
  ],
  'task_unclosed_list.yaml': ['4:18-4:19 yaml.syntax: This is not valid YAML: this [ is never closed.'],
  'task_unclosed_quote.yaml': ['2:8-2:9 yaml.syntax: This is not valid YAML: this " is never closed.'],
  'task_unknown_alias.yaml': ['4:8-4:13 yaml.alias: No anchor "&lead" stands before this alias.'],
};

function show({ range: { start, end }, code, message }: Issue): string {
  return `${start.line}:${start.column}-${end.line}:${end.column} ${code}: ${message}`;
}

describe('broken files', () => {
  it('each has its expectation', () => assert.deepEqual(readdirSync(FOLDER).sort(), Object.keys(EXPECTED).sort()));

  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(name, () => {
      const parse = PARSERS[name.split('_')[0] ?? ''];
      assert.ok(parse);
      const { issues, value } = parse(readFileSync(new URL(name, FOLDER), 'utf8'), name);
      assert.deepEqual([...issues].sort(compareIssues).map(show), expected);
      assert.ok(issues.every((issue) => issue.file === name));
      const harmless = issues.every((issue) => issue.code.endsWith('.unknown-key'));
      assert.equal(value !== undefined, harmless, 'a value is there only when nothing but unknown keys is wrong');
    });
  }
});
