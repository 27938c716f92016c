"""Exchange rounds: hosts, placements, applications, plans and trips."""
