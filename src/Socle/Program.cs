using System.CommandLine;
using Socle.Commands;

return await SocleCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
