import { portableHasher } from '../../src/fingerprint/index.ts'
import { hasherContract } from '../contract/hasher.ts'

hasherContract('portable', portableHasher)
