/**
 * The SDK takes a stack trace of every promise in workflow code and looks up each frame in the source map. Ten frames cost a
 * quarter of the workflow thread's time. Three frames still show where an error was thrown, and where a run waits.
 */
Error.stackTraceLimit = 3;
