"""The file side of the sandbox: SFTP servers, Coupa's CSV loader and exporter, with codecs of their own."""
