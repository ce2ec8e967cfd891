"""AWS: credentials and Region by botocore, calls by aiobotocore, their answers and errors turned into our values."""
