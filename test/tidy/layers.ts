import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cruise, type ICruiseResult, type IConfiguration } from 'dependency-cruiser'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'

const FOLDERS = ['src', 'native', 'bin', 'bench']

export interface LayerReport {
  readonly modules: number
  /** `rule: from -> to` */
  readonly violations: readonly string[]
}

/** Checks the layering rules of the project at `root`. No modules at all is a violation, too. */
export async function checkLayers(root: string): Promise<LayerReport> {
  const rules = (await import(
    pathToFileURL(resolve(import.meta.dirname, '../../.dependency-cruiser.mjs')).href
  )) as { default: IConfiguration }
  const { output } = await cruise(
    FOLDERS,
    { ...rules.default.options, ruleSet: rules.default, validate: true, baseDir: root },
    undefined,
    { tsConfig: extractTsConfig(resolve(root, 'tsconfig.json')) },
  )
  const { summary } = output as ICruiseResult
  const violations = summary.violations.map(
    ({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`,
  )
  if (summary.totalCruised === 0) violations.push('no-modules: the check saw nothing')
  return { modules: summary.totalCruised, violations }
}
