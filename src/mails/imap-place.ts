import { Collection, type Context, keySpace } from '../store/index.ts'

/** How far a folder has been read: all up to this UID, as long as its UIDs mean the same (RFC 9051, 2.3.1.1). */
export interface ImapPlace {
  /** UIDVALIDITY, in decimal digits. */
  readonly validity: string
  readonly uid: number
}

export type ImapPlaces = ReturnType<typeof createImapPlaces>

/** Kept in the store, since a flag in the mailbox is anybody's to change. */
export function createImapPlaces(
  { store, sealer }: Pick<Context, 'store' | 'sealer'>,
  name: string,
) {
  const places = new Collection<ImapPlace, object>(keySpace('imap-place'), sealer)
  const id = sealer.digest('imap place', name)

  return {
    /** 0 where the folder is another one than before, or was made anew. */
    readTo: (validity: string): Promise<number> =>
      store.transact(async (tx) => {
        const known = (await places.get(tx, id))?.clear
        return known?.validity === validity ? known.uid : 0
      }),

    moveTo: (place: ImapPlace): Promise<void> =>
      store.transact((tx) => {
        places.put(tx, id, place, {})
        return Promise.resolve()
      }),
  }
}
