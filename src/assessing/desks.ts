import type { Config } from '../config.ts'
import { type Assessing, createAssessing } from './assessments.ts'
import { type Beforehand, createBeforehand } from './beforehand.ts'
import { createEntryAssessments } from './entry-assessments.ts'
import { createNoteDesk, type NoteDesk } from './case-notes.ts'
import { createDecisions, type Decisions } from './decisions.ts'
import { createObjecting, type Objecting } from './objecting.ts'
import { createPages, type Pages } from './pages.ts'
import { createPanelDesk } from './panel-desk.ts'
import { createRejudging, type Rejudging } from './rejudging.ts'
import { createSameFiles, type SameFiles } from './same-file.ts'
import { createSampleDesk, type SampleDesk } from './sample-desk.ts'
import { createTaking, type Taking } from './taking.ts'
import { createTipDesk, type TipDesk } from './tip-desk.ts'
import { createUndo, type Undo } from './undo.ts'

/** Where people say what they think of tips, pages and cases. */
export interface Desks {
  readonly tipDesk: TipDesk
  readonly pages: Pages
  readonly assessing: Assessing
  readonly beforehand: Beforehand
  readonly decisions: Decisions
  readonly objecting: Objecting
  readonly taking: Taking
  readonly rejudging: Rejudging
  readonly sameFiles: SameFiles
  readonly noteDesk: NoteDesk
  readonly undo: Undo
  readonly sampleDesk: SampleDesk
}

export function createDesks(
  parts: Omit<Parameters<typeof createTipDesk>[0], 'panels'> &
    Parameters<typeof createDecisions>[0] &
    Omit<Parameters<typeof createObjecting>[0], 'decisions'> &
    Parameters<typeof createRejudging>[0] &
    Omit<Parameters<typeof createTaking>[0], 'panels'> &
    Parameters<typeof createBeforehand>[0] &
    Parameters<typeof createNoteDesk>[0] &
    Parameters<typeof createUndo>[0] &
    Omit<Parameters<typeof createPages>[0], 'settings'> &
    Omit<Parameters<typeof createSampleDesk>[0], 'config'> &
    Omit<Parameters<typeof createSameFiles>[0], 'keepsFeatures'> &
    Omit<Parameters<typeof createPanelDesk>[0], 'entryAssessments'> &
    Parameters<typeof createEntryAssessments>[0] &
    Omit<Parameters<typeof createAssessing>[0], 'pages' | 'panels'> & {
      readonly config: {
        readonly fetch: Parameters<typeof createPages>[0]['settings']
        readonly features: Pick<Config['features'], 'store'>
        readonly assignments: Pick<Config['assignments'], 'minutes'>
      }
    },
): Desks {
  const keepsFeatures = parts.config.features.store === true
  const pages = createPages({ ...parts, settings: parts.config.fetch })
  const entryAssessments = createEntryAssessments(parts)
  const panels = createPanelDesk({ ...parts, entryAssessments })
  const assessing = createAssessing({ ...parts, pages, panels })
  const decisions = createDecisions(parts)
  return {
    tipDesk: createTipDesk({ ...parts, panels }),
    pages,
    assessing,
    beforehand: createBeforehand(parts),
    decisions,
    noteDesk: createNoteDesk(parts),
    undo: createUndo(parts),
    sameFiles: createSameFiles({ ...parts, keepsFeatures }, assessing, decisions),
    objecting: createObjecting({ ...parts, decisions }),
    taking: createTaking({ ...parts, panels }),
    rejudging: createRejudging(parts),
    sampleDesk: createSampleDesk(parts, decisions),
  }
}
