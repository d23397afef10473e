import { openLevelStore } from '../../src/store/index.ts'
import { storeContract } from '../contract/store.ts'

storeContract('level', (directory, options) => openLevelStore({ directory, ...options }))
