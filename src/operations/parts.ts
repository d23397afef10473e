import type { Access, Principal } from '../access/index.ts'
import type { Alerts } from '../alerts/index.ts'
import type {
  Assessing,
  Beforehand,
  Decisions,
  NoteDesk,
  Objecting,
  Pages,
  Rejudging,
  SameFiles,
  SampleDesk,
  Taking,
  TipDesk,
  Undo,
} from '../assessing/index.ts'
import type { Assignments } from '../assignments/index.ts'
import type { Audit, Readings } from '../audit/index.ts'
import type { Batches } from '../batches/index.ts'
import type { Cases } from '../cases/index.ts'
import type { Config, SettingView } from '../config.ts'
import type { LaidDown, Municipalities } from '../policy/index.ts'
import type { Curation, Exchanging, RefreshingItems } from '../curation/index.ts'
import type { Dossiers } from '../dossiers/index.ts'
import type { Find, Hosts } from '../find/index.ts'
import type { Iccam } from '../iccam/index.ts'
import type { Looks } from '../looks/index.ts'
import type { Fetcher, TipImports, Tips } from '../intake/index.ts'
import type { Keeping } from '../keeping/index.ts'
import type { Pool } from '../pool/index.ts'
import type { Recheck } from '../recheck/index.ts'
import type { Corpus } from '../known/index.ts'
import type { Register } from '../register/index.ts'
import type { Reports } from '../reports/index.ts'
import type { Router } from '../route/index.ts'
import type { Sessions } from '../sessions/index.ts'
import type { HashLookups, HitLimit, Scan, Seeing } from '../sightings/index.ts'
import type { Sisters } from '../sisters/index.ts'
import type { Stats } from '../stats/index.ts'
import type { Store } from '../store/index.ts'
import type { createRounds, ExplainRoute, Takedown } from '../takedown/index.ts'
import type { Tipline } from '../tipline/index.ts'
import type { Overrides, Trace } from '../trace/index.ts'
import type { Watch } from '../watch/index.ts'
import type { IdsThatBegin } from './whole-ids.ts'

/** What operations ask: the stages, as the engine has wired them. */
export interface Stages {
  readonly config: Config
  readonly store: Store
  readonly idsThatBegin: IdsThatBegin
  readonly audit: Audit
  readonly readings: Readings
  readonly access: Access
  readonly sessions: Sessions
  readonly assignments: Assignments
  readonly taking: Taking
  readonly batches: Batches
  readonly tips: Tips
  readonly tipImports: TipImports
  readonly tipDesk: TipDesk
  readonly tipline: Tipline
  readonly sisters: Sisters
  readonly fetcher: Fetcher
  readonly pool: Pool
  readonly register: Register
  readonly corpus: Corpus
  readonly curation: Curation
  readonly refreshing: RefreshingItems
  readonly exchanging: Exchanging
  readonly cases: Cases
  readonly pages: Pages
  readonly assessing: Assessing
  readonly beforehand: Beforehand
  readonly decisions: Decisions
  readonly objecting: Objecting
  readonly rejudging: Rejudging
  readonly sameFiles: SameFiles
  readonly noteDesk: NoteDesk
  readonly undo: Undo
  readonly sampleDesk: SampleDesk
  readonly dossiers: Dossiers
  readonly find: Find
  readonly hosts: Hosts
  readonly trace: Trace
  readonly overrides: Overrides
  readonly router: Router
  readonly municipalities: Municipalities
  readonly laidDown: LaidDown
  readonly explainRoute: ExplainRoute
  readonly takedown: Takedown
  /** One round of telling, for whoever asks for it. */
  readonly rounds: ReturnType<typeof createRounds>
  readonly recheck: Recheck
  readonly looks: Looks
  readonly iccam: Iccam
  readonly alerts: Alerts
  readonly stats: Stats
  readonly reports: Reports
  readonly seeing: Seeing
  readonly scan: Scan
  readonly hashLookups: HashLookups
  readonly keeping: Keeping
  readonly watch: Watch
}

/** What a server has beside the stages. */
export interface Serving {
  /** Hits of which a key has only so many; undefined where nothing bounds them. */
  readonly hits: (by: Principal) => HitLimit | undefined
  /** Media that are uploaded to be screened, where the key had too many hits. Throws RATE_LIMITED. */
  readonly admitScreened: (by: Principal) => Promise<void>
  /** The settings in force, secrets masked. */
  readonly settings: () => readonly SettingView[]
  /** The whole API as OpenAPI 3.1. */
  readonly describe: () => Readonly<Record<string, unknown>>
  /** The metrics of the process, in the text format of Prometheus. */
  readonly metrics: () => Promise<string>
}

/** What an operation works with. */
export interface Parts extends Stages, Serving {}
