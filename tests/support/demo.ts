process.stdout.write('The demo needs the embedded mail server, which is not here yet.\n');
