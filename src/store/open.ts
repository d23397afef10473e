import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { type Config, type StorePlace, storePlace } from '../config.ts'
import { openLevelStore } from './level/open.ts'
import { restoreLevelStore, unfinishedLevelStore } from './level/restore.ts'
import type { Store } from './port.ts'
import {
  hasPostgresStore,
  openPostgresStore,
  removePostgresStore,
  restorePostgresStore,
  unfinishedPostgresStore,
} from './postgres/open.ts'

import type { Restoration } from './restored-rows.ts'

const MIB = 1024 * 1024

/**
 * Opens the store of the settings: one in a directory for this process alone, one in PostgreSQL beside the other
 * processes of the house. Throws what `openLevelStore` and `openPostgresStore` throw.
 */
export async function openStore(
  config: Pick<Config, 'data' | 'store'>,
  warn: (message: string) => void,
  ownership: 'shared' | 'alone' = 'shared',
): Promise<Store> {
  const place = storePlace(config)
  if ('url' in place) {
    // Another machine of the house has none yet.
    await mkdir(config.data, { recursive: true, mode: 0o700 })
    const name = `process ${process.pid} on ${hostname()}`
    return openPostgresStore({ ...place, process: name, ownership, warn })
  }
  return openLevelStore({ ...place, freeBytesMin: config.store.freeMibMin * MIB, warn })
}

/** Whether a store is there. Throws INVALID_CONFIG, STORE_UNAVAILABLE. */
export async function hasStore(place: StorePlace): Promise<boolean> {
  return 'url' in place ? hasPostgresStore(place.url) : existsSync(place.directory)
}

/**
 * Makes a store of what `dump` gave, with some keys put anew: it is a store once it is whole. One with the same mark
 * that was broken off is gone on with. Throws ALREADY_INITIALISED where a store is there.
 */
export function restoreStore(place: StorePlace, restoration: Restoration): Promise<void> {
  return 'url' in place
    ? restorePostgresStore(place.url, restoration)
    : restoreLevelStore(place.directory, restoration)
}

/** The mark of a `restoreStore` that was broken off there. */
export async function unfinishedStore(place: StorePlace): Promise<string | undefined> {
  return 'url' in place ? unfinishedPostgresStore(place.url) : unfinishedLevelStore(place.directory)
}

/** Takes away a store that was just made. */
export function removeStore(place: StorePlace): Promise<void> {
  return 'url' in place
    ? removePostgresStore(place.url)
    : rm(place.directory, { recursive: true, force: true })
}

/** What people are told of a place: no password. */
export function placeName(place: StorePlace): string {
  if ('directory' in place) return place.directory
  const { host, pathname } = new URL(place.url)
  return `PostgreSQL at ${host}${pathname}`
}
