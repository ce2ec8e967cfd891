"""Loading events: queue, rate limit, planner, scans and estimates."""
