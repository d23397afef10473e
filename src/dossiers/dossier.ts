import type { ContactKey } from '../confidence/index.ts'
import type { CaseEvidence } from './content.ts'
import type { DossierPart, DossierState } from './terms.ts'

/** The evidence of one case on its way to the police: who asked for it, who let it go, and what went. */
export interface Dossier {
  readonly id: string
  readonly caseId: string
  /** Mail address of the police contact whose key it is encrypted with. */
  readonly to: string
  readonly state: DossierState
  /** Why they are to have it, in the words of who proposed it. */
  readonly reason: string
  /** Principal id, and the pseudonym that colleagues know. */
  readonly proposedBy: string
  readonly proposer: string | null
  readonly proposedAt: string
  /** Of the case as it was proposed: SHA-256 in hex. */
  readonly digest: string
  /** Whether another person has to let it go; else whoever proposed it may. */
  readonly needsAnother: boolean
  /** Null while it waits, and where it was withdrawn. */
  readonly released: {
    readonly by: string
    readonly releaser: string | null
    readonly at: string
    /** Of the case as it left; another than that above where the case had changed. */
    readonly digest: string
    /** Of the encrypted file, in hex: what whoever receives it can compare. */
    readonly fileSha256: string
    readonly fileBytes: number
    readonly keys: readonly string[]
  } | null
  /** Null unless somebody said that it does not go. */
  readonly withdrawn: {
    readonly by: string
    readonly withdrawer: string | null
    readonly at: string
    readonly reason: string
  } | null
}

/** What would leave at this moment, with the values of hashes withheld. */
export interface DossierPreview {
  readonly caseId: string
  /** Of all that would leave, hashes and all. Who releases what has changed repeats it. */
  readonly digest: string
  readonly evidence: CaseEvidence
  /** The same as people read it. */
  readonly text: string
  /** How the contact is written to; null where nobody was named. */
  readonly key: Pick<ContactKey, 'address' | 'kind' | 'fingerprints' | 'expiresAt'> | null
}

/** A dossier with what would leave now, and what has changed since it was proposed. */
export interface DossierDetail extends Dossier {
  /** Empty where nothing has, and where it does not wait any more. */
  readonly changed: readonly DossierPart[]
  /** Null where it does not wait any more. */
  readonly now: DossierPreview | null
}

/** An encrypted dossier, to be written to a file. */
export interface DossierFile {
  readonly dossier: Dossier
  readonly fileName: string
  /** Armoured: OpenPGP, or CMS in PEM. */
  readonly text: string
}
