import { createContext, type ReactNode } from 'react'

/** The code of control for a change that was made from what is not there any more. */
export const CONFLICT = 'precondition_failed'

/** What a problem shows below it where somebody else was faster; `null`: only its words. */
export const WhatToDoInConflict = createContext<ReactNode>(null)
