import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { textOf } from '../docs/page.ts'
import { startApi } from '../http/api.ts'
import { broken, DEPLOY, deployed, hasTool, told } from './tools.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly runbook_url: string }
}
interface Panel {
  readonly title: string
  readonly type: string
  readonly targets?: readonly { readonly expr: string }[]
}

const FOLDER = join(DEPLOY, 'prometheus')
const { groups } = parse(deployed('prometheus/alerts.yaml')) as {
  groups: readonly { rules: readonly Rule[] }[]
}
const RULES = groups.flatMap(({ rules }) => rules)
const { panels } = JSON.parse(deployed('prometheus/dashboard.json')) as { panels: readonly Panel[] }
const SHOWN = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))

/** Metrics that others give: Prometheus of each target, and its node exporter of units. */
const FOREIGN = ['up', 'node_systemd_unit_state']
const NAME = /\b(?:hindra|node|nodejs|process)_[a-z0-9_]+|\bup\b/g

function metricsIn(expressions: readonly string[]): ReadonlySet<string> {
  return new Set(expressions.flatMap((each) => each.match(NAME) ?? []))
}

describe('alerts and dashboard', () => {
  it('name metrics that a scrape has', async () => {
    const api = await startApi()
    const { key } = await api.keyOf('monitor')
    const text = String((await api.call('GET', '/metrics', { key })).body)
    await api.dispose()
    const had = new Set(FOREIGN)
    for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      had.add(name)
      if (type === 'histogram') had.add(`${name}_bucket`)
    }
    const asked = metricsIn([...RULES.map(({ expr }) => expr), ...SHOWN])
    expect(asked.size).toBeGreaterThan(30)
    expect([...asked].filter((name) => !had.has(name))).toEqual([])
  })

  it('are few that wake somebody, and each has its page', () => {
    const pages = RULES.filter(({ labels }) => labels.severity === 'page')
    expect(pages.length).toBeLessThanOrEqual(8)
    const runbook = textOf('docs/runbook.md')
    const sections = runbook.split(/^## /m).slice(1)
    const titles = sections.map((section) => section.slice(0, section.indexOf('\n')))
    expect(titles.filter((title) => title.startsWith('Hindra'))).toEqual(
      RULES.map(({ alert }) => alert),
    )
    for (const { alert, annotations } of RULES) {
      expect(annotations.runbook_url).toBe(`docs/runbook.md#${alert.toLowerCase()}`)
      const section = sections.find((each) => each.startsWith(`${alert}\n`)) ?? ''
      for (const part of ['**It means**', '**Look at**', '**Safe to do**', '**Not**']) {
        expect(section, alert).toContain(part)
      }
    }
  })

  it('are all tried in the tests of the rules', () => {
    const tried = deployed('prometheus/alerts.test.yaml')
    expect(RULES.filter(({ alert }) => !tried.includes(`"${alert}"`))).toEqual([])
  })
})

describe.runIf(hasTool('promtool', 'prometheus'))('promtool', () => {
  const checked = (folder: string) =>
    told(['promtool', 'check', 'rules', join(folder, 'alerts.yaml')])
  const tested = (folder: string) =>
    told(['promtool', 'test', 'rules', 'alerts.test.yaml'], { cwd: folder })

  it('finds the rules right, and what is wrong with them where they are not', () => {
    expect(checked(FOLDER)).toMatchObject({ ok: true })
    const wrong = broken(
      'prometheus',
      'alerts.yaml',
      'expr: hindra_ready ==',
      'expr: hindra_ready =',
    )
    expect(checked(wrong)).toMatchObject({ ok: false })
  })

  it('sees them fire when they should, and no sooner', () => {
    expect(tested(FOLDER)).toMatchObject({ ok: true })
  })

  it.each([
    ['does not see readiness', 'hindra_ready == 0', 'hindra_ready == 2'],
    ['wakes at once', 'for: 5m', 'for: 0m'],
    ['wakes while there is room', '> 0.8', '> 0.6'],
    ['takes no disk for full that does not fill', 'hindra_disk_free_bytes < 1e9 or ', ''],
    [
      'misses the first fault',
      /\n {10}or \(hindra_errors[^\n]*/.exec(deployed('prometheus/alerts.yaml'))?.[0] ?? '',
      '',
    ],
    ['hears of units of others', 'name=~"hindra-.+", ', ''],
    [
      'wakes for each server that stands by',
      'sum by (job) (hindra_dispatching)',
      'hindra_dispatching',
    ],
    ['wakes for each server that asks in vain', 'max by (job) (hindra_fault', '(hindra_fault'],
    ['takes any fault for a missing part', '{code="SHARD_MISSING"}', ''],
    ['forgets a server whose fault changes its code', 'max by (job, instance) ', ''],
  ])('sees a rule that %s', (_what, from, to) => {
    expect(tested(broken('prometheus', 'alerts.yaml', from, to))).toMatchObject({ ok: false })
  })

  it('reads every question of the dashboard', () => {
    const asked = (change: (expr: string) => string) => {
      const rules = SHOWN.map((expr, at) => ({
        record: `shown:${String(at)}`,
        expr: change(expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*')),
      }))
      const folder = broken('prometheus', 'alerts.yaml', 'groups', 'groups')
      writeFileSync(
        join(folder, 'alerts.yaml'),
        JSON.stringify({ groups: [{ name: 'shown', rules }] }),
      )
      return checked(folder)
    }
    expect(SHOWN.length).toBeGreaterThan(30)
    expect(asked((expr) => expr)).toMatchObject({ ok: true })
    expect(asked((expr) => expr.replace(')', ''))).toMatchObject({ ok: false })
  })
})
