"""What trails select: event selectors, advanced event selectors and Insights selectors."""
