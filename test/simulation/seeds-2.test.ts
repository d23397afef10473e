import { playSeeds } from './seeds.ts'
import { usually } from '../long.ts'

playSeeds(21, usually(3, 20))
