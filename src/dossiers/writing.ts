import type { Language } from '../takedown/index.ts'
import { caseWriter } from './case-writing.ts'
import type { CaseEvidence } from './content.ts'
import { field, legibleLine, wrapped } from './lines.ts'
import { materialWriter } from './material-writing.ts'
import { DOSSIER_PARTS } from './terms.ts'
import { HEADINGS, NEVER_IN, TRUTH, type DossierWord } from './words.ts'

/** What stands above the evidence, and is of the file rather than of the case. */
export interface DossierCover {
  readonly house: string
  /** Mail address of who receives it; null in what is looked at before anybody is named. */
  readonly to: string | null
  /** UTC ISO 8601. */
  readonly madeAt: string
  /** Of the evidence, SHA-256 in hex. */
  readonly digest: string
}

/** A dossier as its reader in the police reads it. */
export function dossierText(
  head: DossierCover,
  evidence: CaseEvidence,
  language: Language,
): string {
  const w = (word: DossierWord): string => word[language]
  const t = (sv: string, en: string): string => (language === 'sv' ? sv : en)
  const known = (value: string | null): string => value ?? t('inte känt', 'not known')
  const tongue = { w, t, known }
  const write = { ...caseWriter(tongue), ...materialWriter(tongue) }
  const sections = DOSSIER_PARTS.flatMap((section, index) => {
    const title = `${index + 1}. ${w(HEADINGS[section])}`
    return ['', title, '='.repeat(title.length), ...write[section](evidence)]
  })
  return [
    t('UNDERLAG I ETT ÄRENDE, TILL POLISEN', 'EVIDENCE OF ONE CASE, FOR THE POLICE'),
    '',
    field(t('Från', 'From'), legibleLine(head.house)),
    field(t('Till', 'To'), head.to ?? t('ingen är vald ännu', 'nobody is named yet')),
    field(t('Ärende', 'Case'), evidence.case.id),
    field(t('Framställt', 'Made'), head.madeAt),
    field(t('Kontrollsumma', 'Digest'), `${head.digest} (SHA-256)`),
    '',
    ...wrapped(w(TRUTH)),
    ...sections,
    '',
    t('Det här står inte i underlaget', 'What is not in it'),
    ...NEVER_IN.map((one) => `- ${w(one)}`),
    '',
  ].join('\n')
}
