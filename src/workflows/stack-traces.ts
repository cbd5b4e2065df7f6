/**
 * The SDK takes a stack trace of every promise in workflow code, and looks each frame up in the source map: with ten frames, a
 * quarter of the workflow thread's time. Three still say where an error was thrown, and where a run waits.
 */
Error.stackTraceLimit = 3;
