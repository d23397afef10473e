import { serveReadingRoom } from '../../core/index.ts'
import { readIncoming } from './incoming.ts'

serveReadingRoom(readIncoming)
