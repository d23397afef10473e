export {
  type Confidence,
  type ConfidenceFault,
  type ContactKey,
  openConfidence,
  PLAIN_TO_ALL,
} from './confidence.ts'
export type { RecipientKey } from './recipient-key.ts'
