"""Names as people say them: a service without its domain, a resource without its ARN, an error without "Exception"."""

import re


def service(source: str) -> str:
    """A service's host name without the part all of them share."""
    for noise in (".amazonaws.com", ".amazonaws.com.cn"):
        if source.endswith(noise):
            return source.removesuffix(noise)
    return source


def short_name(resource: str) -> str:
    """The last part of an ARN, which is what tells it from others; any other name as it is."""
    if not resource.startswith("arn:"):
        return resource
    return re.split("[:/]", resource.rstrip(":*/"))[-1] or resource


def short_error(code: str) -> str:
    """An error code without the words that say only that it is one."""
    return code.removeprefix("Client.").removesuffix("Exception") or code
