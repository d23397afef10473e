import { playSeeds } from './seeds.ts'
import { usually } from '../long.ts'

playSeeds(1, usually(3, 20))
