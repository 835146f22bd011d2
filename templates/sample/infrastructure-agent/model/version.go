package model

// Version is the version of the agent, as `agent version` and every exported
// batch show it.
const Version = "0.1.0"
