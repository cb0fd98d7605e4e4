"""The care plan service: consultation, plan, goals, activities, measures, safety alerts, MDT, discharge."""
