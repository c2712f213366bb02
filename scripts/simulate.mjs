// npm run simulate: sets up what is missing, then plays the client on simulated time and disks (docs/simulation.md).
import { setupOrExit } from './setup.mjs'

setupOrExit()
await import('../dist/.simulate/main.js')
