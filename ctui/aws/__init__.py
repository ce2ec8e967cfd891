"""AWS: credentials and Region by boto3, calls by aiobotocore, their answers and errors turned into our values."""
