import { playSeeds } from './seeds.ts'
import { usually } from '../long.ts'

playSeeds(12, usually(2, 20), { servers: 2, days: usually(3, 10) })
