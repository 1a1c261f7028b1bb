"""What is measured of a run: every KPI, how it is counted, and the tables that tell KPIs apart."""
