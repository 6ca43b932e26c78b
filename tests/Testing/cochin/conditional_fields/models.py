from django.db import models

from database.models import DynamicField, DynamicTable


class ConditionalFieldRule(models.Model):
    """When <source_field> <operator> <value>, then <action> <target_field>."""

    name = models.CharField(max_length=200)
    table = models.ForeignKey(DynamicTable, on_delete=models.CASCADE)
    source_field = models.ForeignKey(DynamicField, on_delete=models.CASCADE, related_name='+')
    operator = models.CharField(max_length=30, default='equals')
    value = models.TextField(blank=True)
    target_field = models.ForeignKey(DynamicField, on_delete=models.CASCADE, related_name='+')
    action = models.CharField(max_length=30, default='show')
    action_value = models.TextField(blank=True)
    message = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    order = models.PositiveIntegerField(default=0)


class ConditionalFieldOption(models.Model):
    """A value that the target field may have while the rule holds (action limit_options)."""

    rule = models.ForeignKey(ConditionalFieldRule, on_delete=models.CASCADE, related_name='options')
    value = models.TextField()
    order = models.PositiveIntegerField(default=0)
